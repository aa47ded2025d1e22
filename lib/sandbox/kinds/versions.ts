/** The order of API versions. */

/** Stable before beta before alpha, newer before older (k8s.io/apimachinery/pkg/version CompareKubeAwareVersionStrings). */
export function compareVersions(a: string, b: string): number {
  const [rankA, rankB] = [rank(a), rank(b)]
  for (const [index, part] of rankA.entries()) {
    const difference = (rankB[index] as number) - part
    if (difference !== 0) return difference
  }
  return a < b ? -1 : a > b ? 1 : 0
}

const stages = ['', 'alpha', 'beta', 'stable']

function rank(version: string): number[] {
  const [, major = '', stage = 'stable', minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
  return major === '' ? [0, 0, 0] : [stages.indexOf(stage), Number(major), Number(minor)]
}
