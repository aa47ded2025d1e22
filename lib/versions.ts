/** The versions the lesson was written for. They fit each other: Istio 1.21 supports Kubernetes 1.26 to 1.29. */
export const versions = {
  kind: '0.22.0',
  kubectl: '1.30.0',
  istio: '1.21.2',
  /** kind 0.22.0's own default; a newer kind must be told, as its default is too new for this Istio. */
  nodeImage: 'kindest/node:v1.29.2',
} as const
