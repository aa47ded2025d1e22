/** Output without what differs from cluster to cluster and from run to run. */

const blanks: readonly [RegExp, string][] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours text
  [/\x1b\[[0-9;]*m/g, ''],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?( [+-]\d{4} \w+)?/g, 'TIME'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, 'TIME'],
  [/\bsha256:[0-9a-f]{64}/g, 'SHA'],
  // Where Go's parts are in memory.
  [/\(0x[0-9a-f]{6,}\)/g, '(PLACE)'],
  [/containerd:\/\/[0-9a-f]{64}/g, 'CONTAINER'],
  [/https:\/\/127\.0\.0\.1:\d+/g, 'SERVER'],
  [/\b10\.(96|244)\.\d+\.\d+\b/g, 'ADDR'],
  [/\b172\.\d+\.\d+\.\d+\b/g, 'NODEADDR'],
  [/(kube-api-access-|default-token-)[a-z0-9]{5}\b/g, '$1ID'],
  [/\b[\w-]+-control-plane\b/g, 'NODE'],
  [/\.18[0-9a-f]{14}\b/g, '.EVENT'],
  // Names of pods and replica sets: the template's hash is the same on both, what is behind it is not.
  [/\b([a-z][a-z0-9-]*-[bcdf-hj-np-tv-z2456789]{5,10})-[bcdf-hj-np-tv-z2456789]{5}\b/g, '$1-POD'],
  [/\b((?:kube-proxy|coredns|reviews|details|ratings|productpage)-)[bcdf-hj-np-tv-z2456789]{5}\b/g, '$1POD'],
  [/(\/tmp\/kubectl-edit-|\/tmp\/MERGED-|\/tmp\/LIVE-)\d+/g, '$1ID'],
  [/docker\.io\/\S+@SHA/g, 'IMAGE'],
  [/("?resourceVersion"?: )"?\d+"?/g, '$1VERSION'],
  // In JSON that is not indented, also within a text.
  [/(resourceVersion\\*":\\*")\d+/g, '$1VERSION'],
  [/Resource Version: +\d+/g, 'Resource Version: VERSION'],
  [/:3[0-2]\d{3}\//g, ':NODEPORT/'],
  [/("?nodePort"?: )\d+/g, '$1NODEPORT'],
  [/NodePort: +<unset> +\d+/g, 'NodePort: NODEPORT'],
  [/(?<=[ \t(=])(\d+[dhms]){1,2}(?=[ \t\n)]|$)/gm, 'AGE'],
  [/(?<=[ \t])<invalid>(?=[ \t\n]|$)/gm, 'AGE'],
  // Where the sandbox says that it is one.
  [/^Warning: sandbox: .*\n/gm, ''],
  // Go's cmp library takes one kind of space or the other, by lot, for as long as its process lives.
  [/[ \t\u00a0]+/g, ' '],
  [/ +$/gm, ''],
]

export function normal(text: string): string {
  return blanks.reduce((result, [pattern, blank]) => result.replace(pattern, blank), text).trim()
}
