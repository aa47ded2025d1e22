/** What the sandbox takes and keeps, but does not act on: said in a warning, which kubectl prints. */
import { isDeepStrictEqual } from 'node:util'
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { annotationWarnings, podAnnotations } from './proxy-annotations.ts'

/** By what they would do on a real cluster. */
const stored: Readonly<Record<string, readonly string[]>> = {
  'its rules have no effect on traffic': [
    'requestauthentications.security.istio.io',
    'networkpolicies.networking.k8s.io',
  ],
  'it has no effect on the mesh': [
    'serviceentries.networking.istio.io',
    'sidecars.networking.istio.io',
    'envoyfilters.networking.istio.io',
    'workloadentries.networking.istio.io',
    'workloadgroups.networking.istio.io',
    'proxyconfigs.networking.istio.io',
    'wasmplugins.extensions.istio.io',
    'telemetries.telemetry.istio.io',
    'ingresses.networking.k8s.io',
    'ingressclasses.networking.k8s.io',
  ],
  'nobody signs it': ['certificatesigningrequests.certificates.k8s.io'],
  'it is not called': ['apiservices.apiregistration.k8s.io'],
}

const reasons = new Map(Object.entries(stored).flatMap(([why, kinds]) => kinds.map((kind) => [kind, why])))

/** What is acted on in part. */
const partly: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'no volume is made for a claim, which is bound where one is there already',
  'storageclasses.storage.k8s.io': 'no volume is made for claims of the class',
}

/** Groups whose kinds are known by a definition alone. */
const groups: Readonly<Record<string, string>> = { 'gateway.networking.k8s.io': 'it has no effect on the mesh' }

/** What istioctl installs is not of the user's making. */
function isInstalled({ metadata }: KubeObject): boolean {
  return metadata.labels?.['install.operator.istio.io/owning-resource'] !== undefined
}

/** Of a kind nothing where only the metadata or status changed, of pods' annotations nothing where these did not. */
export function unsupportedWarnings(kind: Kind, object: KubeObject, old?: KubeObject): string[] {
  const why = reasons.get(resourceName(kind)) ?? groups[kind.group]
  const isSame = old !== undefined && isDeepStrictEqual(content(object), content(old))
  if (isInstalled(object)) return []
  const part = partly[resourceName(kind)]
  const text = why ? `the ${kind.kind} is stored only, ${why}` : part
  const ofKind = text && !isSame ? [`sandbox: ${text}`] : []
  const annotations = podAnnotations(object)
  const isAnnotatedSo = old !== undefined && isDeepStrictEqual(annotations, podAnnotations(old))
  return [...ofKind, ...(isAnnotatedSo ? [] : annotationWarnings(annotations))]
}

function content({ metadata: _metadata, status: _status, ...rest }: KubeObject): unknown {
  return rest
}
