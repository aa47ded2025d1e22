/** What may change of a pod, and what somebody sees of it. */
import type { Group } from './group.ts'

const patch = (spec: string) => `kubectl patch pod one -n $NS -p '{"spec":${spec}}'`
const container = (fields: string) => patch(`{"containers":[{"name":"one",${fields}}]}`)
const image = 'docker.io/istio/examples-bookinfo-ratings-v1:1.18.0'

export const pods: readonly Group[] = [
  {
    title: 'pods',
    commands: [
      `kubectl run one --image=${image} --port=9080 --labels=app=one,tier=x -n $NS; kubectl wait --for=condition=Ready pod/one -n $NS --timeout=60s`,
      'kubectl get pod one -n $NS -o yaml',
      patch('{"terminationGracePeriodSeconds":5}'),
      patch('{"nodeSelector":{"a":"b"}}'),
      patch('{"serviceAccountName":"other"}'),
      patch('{"hostNetwork":true}'),
      patch('{"tolerations":[{"key":"a","operator":"Exists"}]}'),
      patch('{"activeDeadlineSeconds":100}'),
      patch('{"activeDeadlineSeconds":200}'),
      patch('{"containers":[{"name":"two","image":"x"}]}'),
      container('"env":[{"name":"A","value":"B"}]'),
      container('"resources":{"limits":{"cpu":"100m"}}'),
      container('"ports":[{"containerPort":80,"name":"more"}]'),
      container('"readinessProbe":{"httpGet":{"path":"/","port":9080}}'),
      `kubectl patch pod one -n $NS --type=json -p '[{"op":"replace","path":"/spec/restartPolicy","value":"Never"}]'`,
      `kubectl patch pod one -n $NS --type=json -p '[{"op":"add","path":"/spec/volumes/-","value":{"name":"v","emptyDir":{}}}]'`,
      `kubectl patch pod one -n $NS -p '{"metadata":{"name":"other"}}'`,
      `kubectl patch pod one -n $NS -p '{"status":{"phase":"Failed"}}'`,
      'kubectl label --list pod one -n $NS | sort',
      'kubectl label pod one -n $NS tier=y --overwrite; kubectl label pod one -n $NS tier-; kubectl get pods -n $NS --show-labels',
      'kubectl expose pod one --port=80 --target-port=9080 --name=front -n $NS; kubectl get svc front -n $NS -o jsonpath="{.spec.selector}{.spec.ports}"',
      'kubectl logs one -n $NS | wc -l; kubectl logs one -n $NS --previous; kubectl logs one -c nothing -n $NS',
      'kubectl scale pod one --replicas=2 -n $NS',
      'kubectl rollout restart pod one -n $NS',
      'kubectl delete pod one -n $NS --grace-period=0 --force; kubectl delete svc front -n $NS',
      'kubectl run hello --image=Bad/Image -n $NS; kubectl run Bad_Name --image=a -n $NS; kubectl run x -n $NS',
      'kubectl run bad --image=nothing.example/none:1 -n $NS; for i in $(seq 60); do kubectl get pod bad -n $NS --no-headers | grep -q BackOff && break; sleep 0.5; done; kubectl get pod bad -n $NS --no-headers | awk "{print \\$2,\\$3,\\$4}"',
      'kubectl logs bad -n $NS',
      'kubectl wait --for=condition=Ready pod/bad -n $NS --timeout=1s',
      'kubectl wait --for=jsonpath="{.status.phase}"=Pending pod/bad -n $NS --timeout=5s',
      'kubectl get pod bad -n $NS -o jsonpath="{.status.containerStatuses[0].state.waiting.reason} {.status.conditions[?(@.type==\\"Ready\\")].message}"',
      'kubectl delete pod bad -n $NS --grace-period=1',
    ],
  },
]
