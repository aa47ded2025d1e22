/** The Istio that the sandbox stands in for. */
export const ISTIO_VERSION = '1.21.2'
export const SYSTEM_NAMESPACE = 'istio-system'
