/** What the doctor, the checks before a run, and the downloads say, in English. */
export const doctor = {
  titles: {
    node: 'Node',
    docker: 'Docker',
    cgroup: 'cgroup',
    memory: 'memory',
    disk: 'disk',
    inotify: 'inotify',
    ports: 'ports',
    kind: 'kind',
    kubectl: 'kubectl',
    istioctl: 'istioctl',
    kubernetes: 'Kubernetes',
    proxy: 'proxy',
    registries: 'registries',
    cluster: 'cluster',
    context: 'context',
  },
  node: {
    fits: (version: string) => `${version}`,
    tooOld: (version: string) => `Node ${version} is too old for this project`,
    why: (least: string) => `it needs ${least} or newer`,
    mend: 'install a newer one: https://nodejs.org/en/download',
  },
  docker: {
    answers: (version: string) => `${version} answers`,
    unusable: (reason: 'missing' | 'not running' | 'no permission') =>
      ({
        missing: 'Docker cannot be used: missing',
        'not running': 'Docker cannot be used: not running',
        'no permission': 'Docker cannot be used: no permission',
      })[reason],
    mend: {
      missing: 'install Docker (https://docs.docker.com/engine/install/), or take the sandbox: --target sandbox',
      'not running': 'sudo systemctl start docker   (or start Docker Desktop)',
      'no permission': 'sudo usermod -aG docker $USER, then log in again',
    },
    tooOld: (version: string) => `Docker ${version} is too old for kind`,
    tooOldWhy: (least: string) =>
      `kind gives each node a cgroup namespace of its own, which Docker has from ${least} on`,
    tooOldMend: 'install a newer one: https://docs.docker.com/engine/install/',
  },
  cgroup: {
    fits: (version: string) => `version ${version}`,
    tooOld: (image: string) => `the node image ${image} does not start on cgroup version 1`,
    why: 'kubelet refuses cgroup version 1 from Kubernetes 1.35 on',
    mend: (image: string) => `--node-image ${image}`,
  },
  gigabytes: (amount: number) => `${amount.toFixed(1)} GB`,
  memory: {
    total: (total: string, free: string | undefined) => `${total}${free ? `, ${free} free` : ''}`,
    short: (total: string) => `Docker has only ${total} of memory`,
    little: (free: string) => `only ${free} of memory are free`,
    why: 'the node takes about 1.5 GB, the lesson was written for a machine of 4 GB',
    mend: 'give Docker or the virtual machine more memory, or take the sandbox: --target sandbox',
    mendFree: 'end programs that are not needed',
  },
  disk: {
    free: (free: string, folder: string) => `${free} free in ${folder}`,
    short: (free: string, folder: string) => `only ${free} free in ${folder}`,
    why: 'the images of Kubernetes, Istio and Bookinfo take about 4 GB',
    mend: 'docker system prune   (removes what no container uses)',
  },
  inotify: {
    limits: (watches: number, instances: number) => `${watches} watches, ${instances} instances`,
    low: (watches: number, instances: number) => `low limits: ${watches} watches, ${instances} instances`,
    why: 'kind\'s node may say "too many open files"',
    mend: (watches: number, instances: number) =>
      `sudo sysctl fs.inotify.max_user_watches=${watches} fs.inotify.max_user_instances=${instances}`,
  },
  ports: {
    free: (ports: readonly number[]) => `${ports.join(' and ')} free`,
    own: (ports: readonly number[], cluster: string) => `${ports.join(' and ')}, held by ${cluster} itself`,
    taken: (port: number) => `port ${port} of this machine is taken`,
    heldBy: (holder: string) => `held by ${holder}`,
    mend: (other: number) => `end that program, or take another port for the page: --port ${other}`,
  },
  tools: {
    missing: (tool: string) => `${tool} is not installed`,
    mend: './scripts/doctor.ts --fix   (downloads it into .lab/bin)',
    istioOther: (version: string, wanted: string) => `istioctl is ${version}, the lesson is about ${wanted}`,
    skew: (version: string, cluster: string) => `kubectl is ${version}, the cluster ${cluster}`,
    skewWhy: 'kubectl is made for clusters one minor version older to one newer',
  },
  kubernetes: {
    range: (from: number, to: number) => `Kubernetes 1.${from} to 1.${to}`,
    fits: (version: string, istio: string, range: string) => `${version}; Istio ${istio} supports ${range}`,
    outside: (version: string, istio: string, range: string) =>
      `the cluster has ${version}, but Istio ${istio} supports ${range}`,
    unknown: (kind: string) => `kind ${kind} takes a Kubernetes of its own choice`,
    unknownWhy: (istio: string, range: string) => `Istio ${istio} supports ${range}`,
    mend: (image: string) => `--node-image ${image}`,
  },
  proxy: {
    none: 'none',
    leavesOut: (proxy: string) => `${proxy}, not for this machine itself`,
    notLeftOut: (proxy: string, missing: readonly string[]) =>
      `${proxy} is also asked for ${missing.join(' and ')}, which it cannot reach`,
    why: 'curl and other programs would look for the page at the proxy',
    mend: (value: string) => `export NO_PROXY=${value}`,
  },
  registries: {
    reached: (hosts: readonly string[]) => `${hosts.join(', ')}`,
    notReached: (hosts: readonly string[]) => `no answer from ${hosts.join(', ')}`,
    why: 'images that are not on this machine yet cannot be pulled',
    whyProxy: 'they were asked directly, not through the proxy; Docker has its own settings for it',
    mend: 'docker pull hello-world   (tells whether Docker itself reaches the registry)',
  },
  cluster: {
    none: (name: string) => `no "${name}" yet`,
    fits: (name: string, image: string) => `"${name}" fits (${image})`,
    stopped: (name: string) => `"${name}" is stopped; the next script starts it`,
    halfMade: (name: string) => `"${name}" is half made; the next script makes it again`,
    foreign: (name: string) => `there is a kind cluster "${name}" that this lesson has not made`,
    foreignMend: (name: string) =>
      `use it with --name ${name}, or let the lesson make one of its own with --name lesson`,
    otherPorts: (name: string, port: number) =>
      `the cluster "${name}" does not map port ${port} of this machine to 8080 of its node`,
    mappedTo: (ports: readonly (string | number)[]) =>
      ports.length > 0 ? `8080 is mapped to ${ports.join(', ')}` : 'port 8080 of the node is not mapped',
    otherPortsWhy: 'kind fixes the ports when it creates a cluster',
    otherPortsMend: (removal: string, [port]: readonly (string | number)[]) =>
      `${port ? `take its port with --port ${port}` : 'use another cluster with --name NAME'}, or remove this one: ${removal}`,
  },
  context: {
    answers: (name: string) => `"${name}" answers`,
    noIstio: (name: string, version: string) => `the cluster of the context "${name}" has no Istio ${version}`,
    silent: (name: string) => `the cluster of the context "${name}" does not answer`,
    mend: 'kubectl config get-contexts',
  },
  targets: { kind: 'kind', sandbox: 'the sandbox (simulated)', context: 'your own cluster (--context)' },
  ready: (target: string) => `The lesson can run here, on ${target}.`,
  notReady: (target: string) => `Not ready for ${target}:`,
  fix: {
    installed: (tool: string, version: string, place: string) => `${tool} ${version}: ${place}`,
    there: (tool: string, version: string) => `${tool} ${version} is there`,
  },
  download: {
    noRelease: (system: string, architecture: string) => `there are no downloads for ${system} on ${architecture}`,
    noReleaseMend: 'install kind, kubectl and istioctl by hand, or take the sandbox: --target sandbox',
    failed: (url: string) => `cannot download ${url}`,
    failedMend: 'look at the network, then run it again; --mirror URL takes another address',
    unpacking: (tool: string) => `the archive with ${tool} cannot be unpacked`,
    wrongChecksum: (url: string) => `${url} is not what its publisher says it is; not installed`,
    checksums: (actual: string, expected: string | undefined) =>
      `SHA-256 ${actual}, expected ${expected ?? 'one that its list does not have'}`,
    wrongChecksumMend: 'run it again; if it stays so, the address does not serve the right file: try another --mirror',
  },
  ask: {
    question: (tools: readonly string[]) =>
      `Docker answers, but ${tools.join(', ')} ${tools.length > 1 ? 'are' : 'is'} missing. Download into .lab/bin, for a real cluster? [Y/n] `,
    no: /^\s*n/i,
    later: 'For a real cluster: ./scripts/doctor.ts --fix, then --target kind',
  },
}

export type DoctorWords = typeof doctor
