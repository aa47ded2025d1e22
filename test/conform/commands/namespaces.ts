/** What a namespace limits, allows and injects. */
import { apply, create, deployment, type Group, limitRange } from './group.ts'

export const namespaces: readonly Group[] = [
  {
    title: 'limits and permissions',
    commands: [
      'kubectl create quota few --hard=count/configmaps=3,count/secrets=0 -n $NS; sleep 1; kubectl describe quota few -n $NS',
      'kubectl create cm third -n $NS; kubectl create cm fourth -n $NS; kubectl create secret generic any -n $NS',
      'kubectl delete cm third -n $NS; kubectl delete quota few -n $NS',
      'kubectl create quota all --hard=requests.cpu=1 -n $NS; sleep 1; kubectl run one --image=a -n $NS; kubectl delete quota all -n $NS',
      create(limitRange('[{type: Container, min: {cpu: 2}, max: {cpu: 1}}]'), '-n $NS'),
      create(limitRange('[{type: Container, max: {memory: 1Gi}, default: {memory: 128Mi}}]'), '-n $NS'),
      'kubectl run one --image=a -n $NS --dry-run=server -o json | jq -S ".spec.containers[0].resources, .metadata.annotations"',
      'kubectl delete limits range -n $NS',
      'kubectl create token default -n $NS --duration=1m; kubectl create token nobody -n $NS',
      'kubectl create rolebinding ann --clusterrole=admin --user=ann -n $NS; kubectl create role nodes --verb=get --resource=nodes -n $NS --as=ann',
      'kubectl create rolebinding more --clusterrole=cluster-admin --user=ben -n $NS --as=ann; kubectl delete rolebinding ann -n $NS',
      'kubectl get pods --as=nobody -n $NS',
    ],
  },
  {
    title: 'sidecars and namespaces',
    commands: [
      'kubectl label ns $NS istio-injection=enabled',
      apply(deployment('in'), '-n $NS'),
      apply(
        deployment('out').replace(
          'labels: {app: out}}\n    spec',
          'labels: {app: out, sidecar.istio.io/inject: "false"}}\n    spec',
        ),
        '-n $NS',
      ),
      'kubectl rollout status deploy/in -n $NS --timeout=60s | tail -1; kubectl rollout status deploy/out -n $NS --timeout=60s | tail -1',
      'kubectl get pods -n $NS',
      'kubectl get pods -l app=in -n $NS -o json | jq -S ".items[0].metadata.labels, .items[0].metadata.annotations"',
      'kubectl get pods -l app=in -n $NS -o json | jq -S ".items[0].spec.containers[] | select(.name == \\"istio-proxy\\")"',
      'kubectl get pods -l app=in -n $NS -o json | jq -S ".items[0].spec.initContainers"',
      'kubectl get pods -l app=in -n $NS -o json | jq -S ".items[0].spec.volumes"',
      'kubectl get cm -n $NS -o name',
      'kubectl logs deploy/in -n $NS | wc -l',
      'kubectl logs deploy/in -c nothing -n $NS',
      'kubectl get events -n $NS --field-selector involvedObject.kind=Deployment,involvedObject.name=in -o json | jq -r ".items[].message" | sort | sed "s/-[a-z0-9]* to/ to/"',
      'kubectl label ns $NS istio-injection-',
      'kubectl delete pod -l app=in -n $NS | wc -l; kubectl rollout status deploy/in -n $NS --timeout=60s | tail -1; kubectl get pods -n $NS -l app=in',
      'kubectl delete ns default',
      'kubectl delete ns kube-system --dry-run=server',
      'kubectl create ns $NS-2; kubectl create cm a -n $NS-2; kubectl delete ns $NS-2; kubectl get ns $NS-2',
      'kubectl delete deploy --all -n $NS --wait',
    ],
  },
]
