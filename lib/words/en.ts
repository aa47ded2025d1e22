/** What the scripts say by themselves, in English. The words of the lesson's steps stand in scripts/. */
import { starsOf, type Version } from '../page.ts'
import { causes } from './causes-en.ts'
import { doctor } from './doctor-en.ts'
import { options } from './options-en.ts'

const stars: Readonly<Record<(typeof starsOf)[Version], string>> = {
  none: 'no stars',
  black: 'black stars',
  red: 'red stars',
}

export const en = {
  doctor,
  causes,
  options,
  simulated: 'SIMULATED',
  simulatedNote:
    'A sandbox in Node: no Docker, no containers, no real Istio. Good for learning, no proof of a real cluster.',
  wholeLesson: 'An Istio lesson',
  section: (number: number, title: string) => `Section ${number}. ${title}`,
  already: 'Already so; nothing to do.',
  waiting: (what: string) => `waiting for ${what}`,
  fresh: (seen: string) => `In the way, taken away first: ${seen}`,
  stuck: (seen: string) => `Would wait for ever, mended first: ${seen}`,
  leftOutOfContext: {
    cluster: 'the cluster is there already',
    istio: 'this cluster brings its own Istio',
    wayIn: 'the page comes through a port-forward',
  },
  bringIstio: (version: string, context: string) =>
    `install Istio ${version} there yourself: istioctl install --context ${context} --set profile=demo -y\nor take another cluster: --context NAME`,
  noContext: (name: string) => `there is no context "${name}" in your kubeconfig`,
  noPortForward: 'the port-forward to the ingress gateway cannot be opened',
  leftOut: (reason: string) => `Left out: ${reason}`,
  needs: (what: string) => `something comes first: ${what}`,
  noCluster: 'there is no cluster here yet',
  clusterSilent: (error: string) => `the cluster does not answer (${error})`,
  otherKind: (version: string, image: string) =>
    `kind is ${version}, not the lesson's: its node image is named, ${image}, whose Kubernetes fits Istio.`,
  noKubeconfig: (name: string) => `kind has no kubeconfig for its cluster "${name}"`,
  nodeUnseen: (node: string) => `the node ${node} is there, but its cluster does not show it`,
  halfMade: 'an earlier run was stopped while it made this cluster',
  /** Targets as they are named, and what goes on running there. */
  lab: {
    kind: (name: string) => `kind cluster "${name}"`,
    context: (name: string) => `context "${name}"`,
    sandbox: (name: string) => `sandbox "${name}"`,
    container: (name: string) => `the Docker container ${name}`,
    process: (name: string) => `a background process of Node, the sandbox "${name}"`,
  },
  checking: 'Only the proof, against the cluster as it is.',
  page: 'Page',
  running: 'Running',
  byHand: 'By hand',
  tryNext: 'Try',
  next: 'Next',
  stop: 'Stop',
  cleanUp: 'Clean-up',
  foreign: (what: string) => `somebody else's objects are in the way of this: ${what}`,
  locked: 'another run is at work in this lab',
  lockHolder: (pid: number, command: string) => `process ${pid}: ${command}`,
  checked: 'Checked; nothing was changed.',
  interrupted: (script: string) => `Stopped. What is there stays as it is. To go on: ${script}`,
  chosen: (lab: string, before: string) => `From now on: ${lab} (before: ${before})`,
  prefetching: (images: number) =>
    `Pulling ${images} ${images === 1 ? 'image' : 'images'} into the node in the background (--no-prefetch: not)`,
  noDocker: (reason: 'missing' | 'not running' | 'no permission') =>
    ({
      missing: 'Docker is not installed',
      'not running': 'No Docker engine answers',
      'no permission': 'Docker may not be used by you',
    })[reason],
  noTool: (tools: readonly string[]) => `${tools.join(' and ')} ${tools.length > 1 ? 'are' : 'is'} not installed`,
  sandboxInstead: (reason: string) => `${reason}: the lesson runs in the sandbox, which is simulated.`,
  portTaken: (port: number, holder: string, next: number) =>
    `Port ${port} is taken by ${holder}; the page is on port ${next}.`,
  /** Who has a port. */
  holders: {
    container: (name: string) => `the container ${name}`,
    process: (name: string, pid: string) => `${name} (process ${pid})`,
    unseen: 'a program of another user',
  },
  noStep: (name: string | undefined) => `there is no step "${name}" here`,
  noClusterConfig: (file: string) => `${file} cannot be read as a kind cluster configuration`,
  cleaned: 'Taken away. The cluster is as section 1 left it.',
  cleanedAll: 'Everything the lesson made is gone.',
  printedFor: (place: string) => `Commands of the Istio lesson, for the ${place}. Run it from the project's folder.`,
  printedInSandbox: (shell: string) => `Simulated: run it inside of the sandbox, in ${shell}`,
  printedKubeconfig: 'A kubeconfig for this script alone: another current context leads no command elsewhere.',
  saw: 'saw',
  why: 'why',
  mend: 'mend',
  commandFailed: (command: string, exitCode: number) => `\`${command}\` failed with exit code ${exitCode}`,
  commandHangs: (command: string, seconds: number) => `\`${command}\` did not end within ${seconds} s`,
  noCommand: (name: string) => `there is no command "${name}"`,
  stateDamaged: (file: string) => `the state ${file} is damaged`,
  notBuilt: 'the sandbox is not built',
  unreadableKubeconfig: (file: string) => `the kubeconfig ${file} cannot be read`,
  refused: 'the cluster does not let you read this',
  nodeSilent: (container: string) => `the node ${container} runs, but its API does not answer`,
  apiAway: "the cluster's API does not answer",
  engineSilent: "Docker's engine does not answer",
  nodeIs: (container: string, state: string) => `the node's container ${container} is ${state}`,
  noNode: (container: string) => `the node's container ${container} is gone`,
  waited: (seconds: number, what: string) => `waited ${seconds} s, in vain: ${what}`,
  faults: {
    file: (path: string | undefined) => `this machine does not let ${path ?? 'a file'} be used`,
    diskFull: {
      why: 'the disk is full',
      mend: 'make room: docker system prune   (removes what no container uses)',
    },
    rateLimit: {
      why: 'the registry limits pulls: Docker Hub allows 100 in 6 hours for each address without an account',
      mend: 'wait, or bring the image by an account: docker login; docker pull IMAGE; kind load docker-image IMAGE',
    },
    clock: {
      why: "this machine's clock does not fit the cluster's certificates",
      mend: 'set the clock right: timedatectl set-ntp true',
    },
    openFiles: {
      why: "the kernel's limits for open or watched files are reached",
      mend: 'sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512',
    },
    slow: {
      why: 'nothing is wrong with it but that it takes long, as pulling images does on a slow line',
      mend: 'give it more time: --timeout 30m',
    },
    memory: { why: 'memory is short', mend: 'end other programs, or give Docker more memory' },
  },
  conditions: {
    nodeThere: 'there is a node',
    nodesReady: 'the node is Ready',
    available: (deployments: string) => `available: ${deployments}`,
    istio: (version: string) => `Istio ${version} is installed`,
    namespaceLabelled: 'namespace default has the label istio-injection=enabled',
    namespaceNotOptedOut: 'namespace default has not opted out of sidecars',
    gatewayOnHostNetwork: 'the ingress gateway is on the network of the node',
    oneGatewayPod: 'one gateway pod, ready, on the network of the node',
    gatewayHasPorts: 'the ingress gateway gets its ports',
    podsWithSidecar: 'every pod is ready, with a sidecar',
    bookinfoGateway: 'the Gateway bookinfo-gateway is there',
    noReviewsRoute: 'no rule decides about reviews yet',
    routesExist: (names: string) => `there is a VirtualService ${names}`,
    destinationRules: (hosts: string) => `destination rules with the subsets of ${hosts}`,
  },
  /** What a condition lacks, by the name of the object. */
  lacks: {
    node: 'no node is there',
    object: (name: string) => `${name}: not there`,
    readiness: (name: string) => `${name}: not Ready`,
    replicas: (name: string) => `${name}: scaled to zero`,
    available: (name: string, count: number, wanted: number) => `${name}: ${count} of ${wanted} available`,
    version: (name: string, found: string) => `${name}: version ${found}`,
    hostNetwork: (name: string) => `${name}: not on hostNetwork`,
    pod: (name: string) => `${name}: no pod`,
    end: (pod: string) => `${pod}: the old pod is still there`,
    sidecar: (pod: string) => `${pod}: no sidecar istio-proxy`,
    containers: (pod: string, ready: number, wanted: number) => `${pod}: ${ready}/${wanted} ready`,
    freedom: (name: string) => `${name}: decides where reviews leads`,
    rule: (host: string) => `${host}: no destination rule`,
    subset: (host: string, subset: string) => `${host}: no subset ${subset}`,
    label: (host: string, subset: string, version: string) => `${host}: subset ${subset} selects version=${version}`,
  },
  pods: {
    trouble: (pod: string, trouble: string) => `pod ${pod}: ${trouble}`,
    container: (name: string, trouble: string) => `container ${name}: ${trouble}`,
    endedWith: (code: number) => `ended with code ${code}`,
    unscheduled: 'cannot be scheduled',
  },
  visits: {
    /** Those who have no name of their own. */
    visitors: { anonymous: 'anonymous', forger: 'forged end-user: jason' } as Readonly<Record<string, string>>,
    /** Said of stars that are not the version's own. */
    stars: { none: 'without stars', black: 'with black stars', red: 'with red stars' },
    nothing: 'nothing',
  },
  proof: {
    apiAnswers: (version: string) => `the API answers: Kubernetes ${version}`,
    holds: (what: string) => what,
    isNotSo: (what: string) => `this is not so: ${what}`,
    allThree: (seen: string) => `all three versions are seen (${seen})`,
    unreachable: (url: string) => `the page ${url} cannot be reached`,
    expectedAllThree: 'expected to see all three versions of reviews',
    only: (version: Version) => `only ${version}, ${stars[starsOf[version]]}`,
    sees: (visitor: string, version: Version) => `${visitor} sees ${version}, ${stars[starsOf[version]]}`,
    expected: (what: string) => `expected ${what}`,
    neverArrived: (what: string, seconds: number) =>
      `the route never took effect: expected ${what} within ${seconds} s`,
    verdict: (what: string, visits: number) => `${what} (${visits} visits each)`,
  },
}

export type Words = typeof en
