/** Comparing versions, and which fit each other. */

/** The Kubernetes versions that Istio 1.21 supports, as minors of 1 (istio.io, supported releases). */
export const istioSupports = { from: 26, to: 29 } as const

/** Whether a version is another one or newer, by its numbers. */
export function atLeast(version: string, least: string): boolean {
  const wanted = numbers(least)
  const given = numbers(version)
  const different = wanted.findIndex((number, i) => number !== (given[i] ?? 0))
  return different < 0 || (given[different] ?? 0) > (wanted[different] ?? 0)
}

/** 29 of 1.29.2 and of kindest/node:v1.29.2; undefined where no such version stands there. */
export function minorOf(text: string): number | undefined {
  const minor = /(?:^|[:v])1\.(\d+)/.exec(text)?.[1]
  return minor === undefined ? undefined : Number(minor)
}

/** 1.29.2 of kindest/node:v1.29.2@sha256:...; undefined for an image that does not tell. */
export function versionOfImage(image: string): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1]
}

function numbers(version: string): number[] {
  return version.split(/[.-]/).slice(0, 3).map(Number)
}
