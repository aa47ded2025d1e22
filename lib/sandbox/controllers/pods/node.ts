/** The node's own side of the pods: its address, theirs. */

export interface Node {
  name: string
  ip: string
  /** An address for a new pod, free among those in use. */
  nextPodIP: (inUse: ReadonlySet<string>) => string
}

/** Addresses are given in turn, as kind's own IPAM does; .0.1 is the bridge. */
export function podAddresses(prefix = '10.244'): (inUse: ReadonlySet<string>) => string {
  let last = 1
  return (inUse) => {
    for (let tried = 0; tried < 65_000; tried++) {
      last = last >= 65_000 ? 2 : last + 1
      const address = `${prefix}.${last >> 8}.${last & 255}`
      if ((last & 255) !== 0 && (last & 255) !== 255 && !inUse.has(address)) return address
    }
    throw new Error('no pod address is free')
  }
}
