/** Requests that are sent as they are: their paths, options and bodies. */
import type { Group } from './group.ts'

const maps = '/api/v1/namespaces/$NS/configmaps'
const post = (body: string, query = '') => `kubectl create --raw "${maps}${query}" -f - <<'JSON'\n${body}\nJSON`
const drop = (query: string) => `kubectl delete --raw "${maps}/kube-root-ca.crt${query}"`

export const requests: readonly Group[] = [
  {
    title: 'requests',
    commands: [
      ...['/', '/api/v1/nothing', '/apis/nothing.example/v1', '/apis/apps/v2', '/api/v1/namespaces/nowhere'].map(
        (path) => `kubectl get --raw ${path}`,
      ),
      ...['%2e%2e/pods', '%2e/pods/a', '$NS/pods/%2e%2e', '$NS/pods/a%25b', '$NS//pods'].map(
        (path) => `kubectl get --raw "/api/v1/namespaces/${path}"`,
      ),
      ...['limit=abc', 'limit=1&continue=abc', 'resourceVersion=abc', 'resourceVersionMatch=Exact'].map(
        (query) => `kubectl get --raw "${maps}?${query}"`,
      ),
      ...['fieldSelector=spec.no%3D1', 'labelSelector=a%20b%20c', 'fieldSelector=metadata.name'].map(
        (query) => `kubectl get --raw "${maps}?${query}"`,
      ),
      post('{"apiVersion":"v1","kind":"ConfigMap",'),
      post('[]'),
      post('{"apiVersion":"v1","kind":"Secret","metadata":{"name":"raw"}}'),
      post('{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"raw"}}'),
      post('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw","namespace":"other"}}'),
      post('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"},"x":1}', '?fieldValidation=Strict'),
      post('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"}}', '?dryRun=Some&fieldValidation=Nope'),
      post('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"}}', '?fieldManager=a%0Ab'),
      drop('?propagationPolicy=Wrong'),
      drop('?propagationPolicy=Orphan&orphanDependents=true'),
      drop('?gracePeriodSeconds=x'),
      drop('?dryRun=Some'),
      'kubectl get pods --as=jason',
      'kubectl get pods --as=jason --as-group=system:masters -o name | wc -l',
      'kubectl get pods --token=wrong',
      'kubectl get --raw "/api/v1/namespaces/$NS/pods/nothing/log"',
      'kubectl get --raw "/apis/apps/v1/namespaces/default/deployments/reviews-v1/scale" | jq -cS "[.kind,.spec,.status]"',
    ],
  },
]
