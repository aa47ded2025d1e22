/**
 * Which images the sandbox pretends to have. It pulls nothing, so it cannot know what a registry holds; it runs the
 * images of this table, by name and by the look of their tag, and fails for others as a registry fails.
 */
import { createHash } from 'node:crypto'

export interface Image {
  registry: string
  repository: string
  /** Empty where the image is named by its digest alone. */
  tag: string
  digest: string
}

/** `nginx` is docker.io/library/nginx:latest; undefined where the text is no image name at all. */
export function parseImage(name: string): Image | undefined {
  const match = /^(?<path>[a-z0-9._:/-]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?<digest>@sha256:[0-9a-f]{64})?$/.exec(name)
  if (!match?.groups) return undefined
  const { path = '', tag = '', digest = '' } = match.groups
  const parts = path.split('/')
  const first = parts[0] as string
  const hasRegistry = parts.length > 1 && (first.includes('.') || first.includes(':') || first === 'localhost')
  const registry = hasRegistry ? first : 'docker.io'
  const rest = hasRegistry ? parts.slice(1) : parts
  if (rest.some((part) => !/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(part))) return undefined
  const repository = registry === 'docker.io' && rest.length === 1 ? `library/${rest[0]}` : rest.join('/')
  return { registry, repository, tag: tag || (digest ? '' : 'latest'), digest: digest.slice(1) }
}

/** The name in full, as containerd reports it. */
export function fullName({ registry, repository, tag, digest }: Image): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}

/** `docker.io/istio/proxyv2@sha256:...`: always the same for the same image. */
export function imageId(image: Image): string {
  const digest = image.digest || `sha256:${createHash('sha256').update(fullName(image)).digest('hex')}`
  return `${image.registry}/${image.repository}@${digest}`
}

/** What is wrong with a name that names no image. */
function misnamed(name: string): string {
  const lower = parseImage(name.toLowerCase())
  if (!lower) return 'invalid reference format'
  const path = name.replace(/(:[\w.-]+)?(@.*)?$/, '')
  const repository = path.includes('/') ? path : `library/${path}`
  return `invalid reference format: repository name (${repository}) must be lowercase`
}

/** What images are built on or for. A tag with any other word is taken to be a slip of the pen. */
const variant =
  '(alpine|alpha|apache|beta|bookworm|bullseye|buster|debian|debug|distroless|focal|glibc|jammy|lts|management|musl|noble|otel|perl|rc|slim|trixie|uclibc)'
/** Versions have small numbers: `nginx:1.161`, Kubernetes' own example of a slip, is none. */
const version = String.raw`v?\d{1,2}(\.\d{1,2}(\.\d{1,3}){0,2})?`
const versionTag = new RegExp(
  String.raw`^(latest|stable|edge|mainline|(${version}|${variant})([-.]?${variant}[\d.]*)*)$`,
)
const anyVersionTag = /^(latest|v?\d+(\.\d+){0,3}([-.][a-z0-9.-]+)?)$/
/** Istio publishes its samples as 1.8.0 ... 1.20.x, and keeps no others. */
const bookinfoTag = /^(1\.(8|9|1\d|20)\.\d|latest)(-distroless)?$/

/** Repositories that run, and the tags they have. */
const known: readonly [registry: RegExp, repository: RegExp, tag: RegExp][] = [
  [
    /^(docker\.io|gcr\.io|registry\.istio\.io)$/,
    /^(istio|istio-release|release|istio-testing)\/examples-bookinfo-(productpage-v1|details-v[12]|ratings-v[12]|reviews-v[123]|mongodb|mysqldb)$/,
    bookinfoTag,
  ],
  [
    /^(docker\.io|gcr\.io|registry\.istio\.io)$/,
    /^(istio|istio-release|release)\/(proxyv2|pilot|examples-helloworld-v[12])$/,
    versionTag,
  ],
  [/^registry\.k8s\.io$/, /./, anyVersionTag],
  [/^docker\.io$/, /^kindest\//, /./],
  [
    /^docker\.io$/,
    /^library\/(nginx|httpd|redis|memcached|postgres|mysql|mariadb|mongo|busybox|alpine|debian|ubuntu|python|node|golang|caddy|traefik|haproxy|rabbitmq|hello-world)$/,
    versionTag,
  ],
  [
    /^docker\.io$/,
    /^(curlimages\/curl|kennethreitz\/httpbin|kong\/httpbin|mccutchen\/go-httpbin|fortio\/fortio|hashicorp\/http-echo|nicolaka\/netshoot|nginxdemos\/hello|bitnami\/kubectl|paulbouwer\/hello-kubernetes)$/,
    versionTag,
  ],
  [/^(gcr\.io|us-docker\.pkg\.dev)$/, /^(google-samples|google_containers|kuar-demo)\//, anyVersionTag],
]

/** Why the kubelet cannot run this image; undefined where it can. */
export function pullFailure(name: string): { reason: string; message: string } | undefined {
  const image = parseImage(name)
  if (!image)
    return {
      reason: 'InvalidImageName',
      message: `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${misnamed(name)}`,
    }
  const { registry, repository, tag } = image
  const rows = known.filter(([registries, repositories]) => registries.test(registry) && repositories.test(repository))
  if (rows.some(([, , tags]) => tag === '' || tags.test(tag))) return undefined
  const full = fullName(image)
  const short = full.replace(/@.*$/, '')
  const cause =
    rows.length > 0
      ? `failed to resolve reference "${short}": ${short}: not found`
      : registry === 'docker.io'
        ? `failed to resolve reference "${short}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`
        : `failed to resolve reference "${short}": ${short}: not found`
  const code = rows.length > 0 || registry !== 'docker.io' ? 'rpc error: code = NotFound desc = ' : ''
  return { reason: 'ErrImagePull', message: `${code}failed to pull and unpack image "${full}": ${cause}` }
}
