/** What hangs on pods and what runs them: evictions, bindings, scales; and pods that come to their node by themselves. */
import type { Group } from './group.ts'

const post = (path: string, body: string) =>
  `printf '%s' '${body}' | kubectl create --raw "/api/v1/namespaces/$NS/pods/${path}" -f -; echo`
const scale = (body: string) =>
  `printf '%s' '${body}' | kubectl replace --raw "/apis/apps/v1/namespaces/$NS/deployments/kept/scale" -f - | jq -Sc '.spec'`
const review = (kind: string, spec: string, metadata = '') =>
  `printf '%s' '{"apiVersion":"authorization.k8s.io/v1","kind":"${kind}"${metadata},"spec":${spec}}' | sed "s/THIS/$NS/g" | kubectl create -f - -o json | jq -Sc '[.spec, .status]'`
const onNode = (name: string, spec: string) =>
  `kubectl run ${name} --image=registry.k8s.io/pause:3.9 -n $NS --overrides="{\\"spec\\":{\\"nodeName\\":\\"$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')\\",${spec.replaceAll('"', '\\"')}}}"`

export const evictions: readonly Group[] = [
  {
    title: 'evictions, bindings, scales and reviews',
    commands: [
      'kubectl create deploy kept --image=registry.k8s.io/pause:3.9 -n $NS; kubectl rollout status deploy/kept -n $NS --timeout=60s | tail -1; kubectl create pdb kept --selector=app=kept --min-available=1 -n $NS; sleep 1',
      `P=$(kubectl get pod -l app=kept -n $NS -o jsonpath='{.items[0].metadata.name}'); printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s"}}' $P | kubectl create --raw /api/v1/namespaces/$NS/pods/$P/eviction -f -`,
      post('nothing/eviction', '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"nothing"}}'),
      post('nothing/eviction', '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"other"}}'),
      post('nothing/eviction', '{"kind":"Foo"}'),
      `kubectl run unbound --image=registry.k8s.io/pause:3.9 -n $NS --overrides='{"spec":{"schedulerName":"mine"}}'; sleep 1; ${post('unbound/binding', '{"metadata":{"name":"unbound"},"target":{}}')}; ${post('unbound/binding', '{"metadata":{"name":"other"},"target":{"name":"x"}}')}; ${post('unbound/binding', '{"metadata":{"name":"unbound"},"target":{"kind":"Foo","name":"x"}}')}`,
      `N=$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}'); printf '{"metadata":{"name":"unbound"},"target":{"kind":"Node","name":"%s"}}' $N | kubectl create --raw /api/v1/namespaces/$NS/pods/unbound/binding -f -; kubectl wait --for=condition=Ready pod/unbound -n $NS --timeout=60s`,
      scale('{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"kept"},"spec":{"replicas":2}}'),
      scale('{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"other"},"spec":{"replicas":2}}'),
      scale('{"kind":"Foo"}'),
      review('SelfSubjectRulesReview', '{}'),
      review(
        'LocalSubjectAccessReview',
        '{"user":"u","resourceAttributes":{"verb":"list","resource":"pods"}}',
        ',"metadata":{"namespace":"THIS"}',
      ),
      review('SubjectAccessReview', '{"user":"u","nonResourceAttributes":{"path":"/version","verb":"get"}}'),
      'for q in tailLines=x sinceTime=x "sinceSeconds=5&sinceTime=2024-01-01T00:00:00Z"; do kubectl get --raw "/api/v1/namespaces/$NS/pods/unbound/log?$q"; done',
      'kubectl delete deploy kept -n $NS; kubectl delete pdb kept -n $NS; kubectl delete pod unbound -n $NS --now',
    ],
  },
  {
    title: 'pods past the scheduler',
    commands: [
      `${onNode('unselected', '"nodeSelector":{"no":"where"}')}; sleep 2; kubectl get pod unselected -n $NS -o json | jq -c '[.status.phase, .status.reason, .status.message]'`,
      `${onNode('greedy', '"containers":[{"name":"c","image":"registry.k8s.io/pause:3.9","resources":{"requests":{"cpu":"900"}}}]')}; sleep 2; kubectl get pods -n $NS --no-headers | awk '{print $1,$2,$3}'; kubectl get events -n $NS --field-selector involvedObject.name=greedy -o json | jq -r '.items[] | .reason + " " + .message' | sed 's/used.*//'`,
      `kubectl run spread --image=registry.k8s.io/pause:3.9 -n $NS --overrides='{"spec":{"topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{}}]}}'; sleep 1; kubectl get pod spread -n $NS -o jsonpath='{.status.conditions[0].message}'`,
      `kubectl run asked --image=registry.k8s.io/pause:3.9 -n $NS --overrides='{"spec":{"containers":[{"name":"c","image":"registry.k8s.io/pause:3.9","readinessProbe":{"httpGet":{"port":"nope"},"periodSeconds":1}}]}}'; sleep 4; kubectl get pod asked -n $NS --no-headers | awk '{print $2,$3}'; kubectl get events -n $NS --field-selector involvedObject.name=asked,reason=Unhealthy -o json | jq -r '.items[0].message'`,
      'kubectl delete pod unselected greedy spread asked -n $NS --now',
    ],
  },
]
