/** A pod's own say in its proxy: a container of that name, whose fields stand over those of the template. */
import type { Labels } from '../objects.ts'
import { definition } from '../schema/data.ts'
import { strategicMergePatch } from '../schema/strategic-merge-patch.ts'

// biome-ignore lint/suspicious/noExplicitAny: a container is known by the schema
type Part = any

export function isProxy({ name }: Part): boolean {
  return name === 'istio-proxy'
}

/** The injected container with what the pod's own one says. As in istiod, that is merged in, and then laid over. */
export function overlaid(injected: Part, own: Part | undefined): Part {
  if (!own) return injected
  return merged(merged(own, injected), withoutAuto(own))
}

function merged(container: Part, patch: Part): Part {
  return strategicMergePatch(container, patch, definition('io.k8s.api.core.v1.Container'))
}

/** As istiod notes it, for the case that the pod is injected once more: fields in the order of Go's type. */
export function overridesAnnotation(own: Part | undefined): Labels {
  if (!own) return {}
  const rest = withoutAuto(own)
  const order = (field: string) => fields.indexOf(field)
  const entries = Object.entries(rest).sort(([a], [b]) => order(a) - order(b))
  return { 'proxy.istio.io/overrides': JSON.stringify({ containers: [Object.fromEntries(entries)] }) }
}

/** `auto` stands for the template's image. */
function withoutAuto({ image, ...rest }: Part): Part {
  return image === 'auto' ? rest : { image, ...rest }
}

const fields: readonly string[] = [
  ...['name', 'image', 'command', 'args', 'workingDir', 'ports', 'envFrom', 'env', 'resources', 'resizePolicy'],
  ...['restartPolicy', 'volumeMounts', 'volumeDevices', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'],
  ...['terminationMessagePath', 'terminationMessagePolicy', 'imagePullPolicy', 'securityContext', 'stdin', 'stdinOnce'],
  'tty',
]
