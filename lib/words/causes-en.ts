/** Why traffic does not go where it should, in English; one sentence a cause. */
export const causes = {
  page: (said: string) => `the page says: ${said}`,
  apiSilent: (error: string) => `the cluster's API cannot be asked: ${error}`,
  scaledToZero: (deployment: string) => `deployment ${deployment} is scaled to zero`,
  notAvailable: (deployment: string, trouble?: string) =>
    `deployment ${deployment} has no available pod${trouble ? ` (${trouble})` : ''}`,
  noSidecar: (pod: string) => `pod ${pod} has no sidecar: rules do not hold for what it sends`,
  otherPod: (pod: string, services: string) => `pod ${pod}, which is not the lesson's, answers for ${services}`,
  otherLabel: (pod: string, has: string, wanted: string) => `pod ${pod} has the label ${has}, its deployment ${wanted}`,
  gone: (objects: readonly string[]) => `${objects.join(', ')} ${objects.length > 1 ? 'are' : 'is'} not there`,
  added: (field: string, value: string) => `${field} is ${value}, which the lesson's manifest does not set`,
  removed: (field: string, wanted: string) => `${field} is gone, in the lesson's manifest ${wanted}`,
  changed: (field: string, value: string, wanted: string) => `${field} is ${value}, in the lesson's manifest ${wanted}`,
  noRoute: 'no VirtualService decides where reviews leads',
  notForCalls: (route: string, limits: string) =>
    `VirtualService ${route} does not hold for calls between the services: ${limits}`,
  noMesh: (gateways: string) => `gateways ${gateways} has no "mesh"`,
  notExported: (exportTo: string) => `exportTo ${exportTo} leaves out namespace default`,
  severalRoutes: (names: string) =>
    `several VirtualServices name the host reviews, of which Istio takes the oldest: ${names}`,
  decides: (route: string, found: string) => `VirtualService ${route} decides: ${found}`,
  sends: (route: string, found: string, expected: string) =>
    `VirtualService ${route} sends ${found}; expected ${expected}`,
  leads: (who: string, where: string) => `${who} to ${where}`,
  nothingOverHttp: 'nothing over HTTP',
  everyone: 'everyone',
  user: (name: string) => `user ${name}`,
  matching: (match: string) => `requests that match ${match}`,
  or: ' or ',
  and: ' and ',
  anyVersion: 'any version',
  noDestination: 'no destination',
  withField: (field: string, value: string) => ` with ${field} ${value}`,
  undefinedSubset: (route: string, subset: string, host: string) =>
    `VirtualService ${route} leads to subset ${subset} of ${host}, which no DestinationRule defines`,
  severalRules: (host: string, names: string) => `several DestinationRules name the host ${host}: ${names}`,
  otherRule: (host: string, names: string) => `another DestinationRule names the host ${host}: ${names}`,
  alsoOnGateway: (object: string) => `${object} is on the Gateway bookinfo-gateway as well`,
  alsoListens: (object: string) => `${object} listens on the port of bookinfo-gateway as well`,
  forOtherPods: (object: string, selector: string) =>
    `${object} is for pods with ${selector}, which the ingress gateway does not have`,
  listensElsewhere: (object: string, listens: string, port: number) =>
    `${object} listens on ${listens || 'no port'}; the page is asked for on ${port} (HTTP, *)`,
  onOtherGateways: (route: string, gateways: string) =>
    `VirtualService ${route} is on gateways ${gateways}, not on bookinfo-gateway`,
  forOtherHosts: (route: string, hosts: string) => `VirtualService ${route} is for hosts ${hosts}, not for *`,
  pageLeads: (route: string, path: string, where: string, wanted: string) =>
    `VirtualService ${route} leads ${path} to ${where}; expected ${wanted}`,
  forPods: (labels: string) => `, for pods with ${labels}`,
  inNamespace: (name: string, namespace: string) => `${name} of namespace ${namespace}`,
  /** What an object of these kinds does. */
  does: {
    authorization: (action: string, rules: number) =>
      `lets requests in or refuses them with 403 (${action}, ${rules || 'no'} ${rules === 1 ? 'rule' : 'rules'})`,
    mutualTls: (mode?: string) => `decides who must come by mutual TLS (${mode ?? 'by port'})`,
    tokens: 'refuses requests whose token it does not know with 401',
    reach: (hosts: string) => `limits what its pods know and reach${hosts ? ` to ${hosts}` : ''}`,
    proxies: 'changes what the proxies do with requests',
    place: (hosts: string) => `says where ${hosts} is`,
    connections: 'holds back connections to the pods that it selects',
  },
}

export type CauseWords = typeof causes
