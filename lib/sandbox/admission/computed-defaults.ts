/** Defaults that depend on what is there already: functions from a part of an object to it with them. */

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
export type Part = any

/** Fills in what is absent. */
export function absent(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return (part) => {
    const missing = Object.entries(values).filter(([name]) => part[name] === undefined)
    return missing.length === 0 ? part : { ...part, ...Object.fromEntries(missing) }
  }
}

/** Fills in what is absent in one field. */
function within(name: string, values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return (part) => ({ ...part, [name]: absent(values)(part[name] ?? {}) })
}

export function spec(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return within('spec', values)
}

export function status(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return within('status', values)
}

export function rollingUpdate(values: Readonly<Record<string, unknown>>): (strategy: Part) => Part {
  const fill = within('rollingUpdate', values)
  return (strategy) => (strategy.type === 'RollingUpdate' ? fill(strategy) : strategy)
}

function eachContainer(pod: Part, change: (container: Part) => Part): Part {
  const { containers, initContainers, ...rest } = pod.spec ?? {}
  return {
    ...pod,
    spec: {
      ...rest,
      ...(containers ? { containers: containers.map(change) } : {}),
      ...(initContainers ? { initContainers: initContainers.map(change) } : {}),
    },
  }
}

/** Where a limit is set and no request, the limit is requested; not yet in a template. */
export function withDefaultRequests(pod: Part): Part {
  return eachContainer(pod, (container) => {
    const { limits, requests } = container.resources ?? {}
    if (!limits) return container
    return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
  })
}

/** A pod is not killed sooner than after a second, though it asks for less than none. */
export function withGracePeriod(pod: Part): Part {
  return pod.spec?.terminationGracePeriodSeconds < 0
    ? { ...pod, spec: { ...pod.spec, terminationGracePeriodSeconds: 1 } }
    : pod
}

/** On the host's network a container's port is the host's; not yet in a template. */
export function withHostPorts(pod: Part): Part {
  if (!pod.spec?.hostNetwork) return pod
  return eachContainer(pod, (container) => {
    if (!container.ports) return container
    return {
      ...container,
      ports: container.ports.map((port: Part) => ({ ...port, hostPort: port.hostPort || port.containerPort })),
    }
  })
}

/** `serviceAccount` is the older name of `serviceAccountName`: each is kept equal to the other by conversion. */
export function withBothAccountNames(pod: Part): Part {
  const name = pod.serviceAccountName || pod.serviceAccount
  return name ? { ...pod, serviceAccountName: name, serviceAccount: name } : pod
}

export function withPullPolicy(container: Part): Part {
  return absent({ imagePullPolicy: isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent' })(container)
}

const label = '[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*'
const domain = `${label}(?:\\.${label})*(?::\\d+)?`
const repository = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const reference = new RegExp(
  `^(?:${domain}/)?${repository}(?:/${repository})*(?::(?<tag>\\w[\\w.-]*))?(?<digest>@.+)?$`,
)

/** No tag is the tag latest, unless a digest says which image it is; what is no name of an image has none. */
function isLatest(image: string): boolean {
  const { tag, digest } = reference.exec(image)?.groups ?? { digest: 'none' }
  return tag === undefined ? digest === undefined : tag === 'latest'
}

export function withSessionTimeout(service: Part): Part {
  if (service.sessionAffinity === 'None') {
    const { sessionAffinityConfig: _unused, ...rest } = service
    return rest
  }
  if (service.sessionAffinity !== 'ClientIP' || service.sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined)
    return service
  // Three hours.
  return { ...service, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }
}

export function withTargetPorts(service: Part): Part {
  if (!service.ports) return service
  const ports = service.ports.map((port: Part) => ({
    ...port,
    protocol: port.protocol || 'TCP',
    targetPort: port.targetPort || port.port,
  }))
  return { ...service, ports }
}

export function withTrafficPolicies(service: Part): Part {
  const isOutside = service.type === 'NodePort' || service.type === 'LoadBalancer'
  const isExternal = isOutside || (service.type === 'ClusterIP' && service.externalIPs?.length > 0)
  return absent({
    ...(isExternal ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(isOutside || service.type === 'ClusterIP' ? { internalTrafficPolicy: 'Cluster' } : {}),
    ...(service.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
  })(service)
}

/** `stringData` is only written, by conversion: what is read is `data`. */
export function withEncodedData(secret: Part): Part {
  const { stringData, ...rest } = secret
  if (!stringData) return secret
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } }
}

export function withNameLabel(namespace: Part): Part {
  const { name, labels } = namespace.metadata ?? {}
  if (!name) return namespace
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
  }
}

/** Who has no labels is given those of its template's pods. */
export function withTemplateLabels(object: Part): Part {
  const labels = object.spec?.template?.metadata?.labels
  return labels ? { ...object, metadata: absent({ labels })(object.metadata) } : object
}

/** Who has no selector selects the pods of its template. */
export function withTemplateSelector(controller: Part): Part {
  const labels = controller.spec?.template?.metadata?.labels
  const isEmpty = Object.keys(controller.spec?.selector ?? {}).length === 0
  return labels && isEmpty ? { ...controller, spec: { ...controller.spec, selector: labels } } : controller
}

export const templateGeneration = 'deprecated.daemonset.template.generation'

export function withTemplateGeneration(set: Part): Part {
  const annotations = absent({ [templateGeneration]: '1' })(set.metadata.annotations ?? {})
  return { ...set, metadata: { ...set.metadata, annotations } }
}

/** Go writes what claims are; those of a template are read without it. */
export function withClaimKinds(set: Part): Part {
  const { volumeClaimTemplates: claims } = set
  return claims
    ? { ...set, volumeClaimTemplates: claims.map(absent({ apiVersion: 'v1', kind: 'PersistentVolumeClaim' })) }
    : set
}

export function withCompletions(job: Part): Part {
  const { parallelism, backoffLimitPerIndex, podFailurePolicy } = job.spec
  return spec({
    ...(parallelism === undefined ? { completions: 1 } : {}),
    backoffLimit: backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
    podReplacementPolicy: podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  })(job)
}

export function withDefaultLimits(item: Part): Part {
  if (item.type !== 'Container') return item
  const limits = { ...item.max, ...item.default }
  const requests = { ...item.min, ...limits, ...item.defaultRequest }
  return {
    ...item,
    ...(Object.keys(limits).length > 0 ? { default: limits } : {}),
    ...(Object.keys(requests).length > 0 ? { defaultRequest: requests } : {}),
  }
}

export function withScalingRules(behavior: Part): Part {
  const policy = (type: string, value: number) => ({ type, value, periodSeconds: 15 })
  return {
    scaleUp: absent({
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [policy('Pods', 4), policy('Percent', 100)],
    })(behavior.scaleUp ?? {}),
    scaleDown: absent({ selectPolicy: 'Max', policies: [policy('Percent', 100)] })(behavior.scaleDown ?? {}),
  }
}
