/** Whether an object may be stored. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

/** @throws Invalid */
export function validate(_kind: Kind, _version: string, _object: KubeObject, _old?: KubeObject): void {}
