/** What stays as it was made, what must fit together, and what follows by itself; names of the cluster's own begin with conform-. */
import { apply, create, type Group } from './group.ts'

const merge = (what: string, patch: string) => `kubectl patch ${what} -n $NS --type=merge -p '${patch}'`
const job = (spec: string, restartPolicy = 'Never') => `
apiVersion: batch/v1
kind: Job
metadata: {name: bound}
spec: {${spec}template: {spec: {restartPolicy: ${restartPolicy}, containers: [{name: c, image: 'x:1'}]}}}`
const cronJob = (schedule: string) =>
  `kubectl create cronjob bound --image=x:1 --schedule='${schedule}' -n $NS --dry-run=server`
const service = (spec: string) =>
  `\napiVersion: v1\nkind: Service\nmetadata: {name: bound}\nspec: {ports: [{port: 80}], ${spec}}`
const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: pledges.conform.example}
spec:
  group: conform.example
  scope: Namespaced
  names: {plural: pledges, kind: Pledge}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {a: {type: string}}}}
  - name: v1beta1
    served: true
    storage: false
    deprecated: true
    schema: {openAPIV3Schema: {type: object, properties: {b: {type: string}}}}`
const pledge = (version: string, fields: string) =>
  `\napiVersion: conform.example/${version}\nkind: Pledge\nmetadata: {name: one, finalizers: [conform.example/held]}\n${fields}`

export const fixed: readonly Group[] = [
  {
    title: 'what stays as it was made',
    commands: [
      create(
        `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: conform-slow}
provisioner: conform.example/none
parameters: {type: slow}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: conform-high}
value: 1000
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: conform-class}
spec: {controller: conform.example/c}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: conform-volume}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /tmp/conform}, storageClassName: conform-slow}`,
      ),
      merge('sc conform-slow', '{"parameters":{"type":"fast"}}'),
      merge('sc conform-slow', '{"provisioner":"conform.example/other","reclaimPolicy":"Retain"}'),
      merge('priorityclass conform-high', '{"value":2000}'),
      merge('ingressclass conform-class', '{"spec":{"controller":"conform.example/d"}}'),
      merge('pv conform-volume', '{"spec":{"hostPath":{"path":"/tmp/other"}}}'),
      merge('pv conform-volume', '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'),
      'kubectl delete sc/conform-slow priorityclass/conform-high ingressclass/conform-class pv/conform-volume',
      'kubectl create cm bound --from-literal=a=1 -n $NS',
      `kubectl patch cm bound -n $NS --type=json -p '[{"op":"add","path":"/data/n","value":5}]'`,
      merge('cm bound', '{"data":{"n":5},"metadata":{"labels":{"c":"d"}}}'),
      merge('cm bound', '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}]}}'),
      merge('cm bound', '{"metadata":{"finalizers":["conform.example/held"]}}'),
      'kubectl delete cm bound -n $NS --wait=false; kubectl create cm bound -n $NS',
      merge('cm bound', '{"metadata":{"finalizers":null}}'),
      'kubectl create deployment bound --image=x:1 --replicas=0 -n $NS',
      `kubectl patch deploy bound -n $NS -p '{"spec":{"strategy":{"$retainKeys":["rollingUpdate"],"type":"Recreate"}}}'`,
      merge('deploy bound', '{"spec":{"strategy":{"type":"BlueGreen"}}}'),
      'kubectl delete deploy bound -n $NS',
      'kubectl get csr | cut -c1-4,10-; kubectl get podtemplates -n $NS; kubectl get csidrivers,volumeattachments',
      'kubectl get leases -n kube-system -o name | cut -c1-36',
    ],
  },
  {
    title: 'what must fit together',
    commands: [
      create(job('selector: {matchLabels: {a: b}}, '), '-n $NS', '--dry-run=server'),
      create(job('manualSelector: true, selector: {matchLabels: {a: b}}, '), '-n $NS'),
      create(job('backoffLimitPerIndex: 1, '), '-n $NS'),
      create(job('podReplacementPolicy: Maybe, '), '-n $NS'),
      create(job('maxFailedIndexes: 2, completionMode: Indexed, completions: 1, '), '-n $NS'),
      create(
        job(
          'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0, 3, 3]}}]}, ',
          'OnFailure',
        ),
        '-n $NS',
      ),
      `${create(job('suspend: true, completionMode: Indexed, completions: 2, '), '-n $NS')}
       ${merge('job bound', '{"spec":{"completions":4}}')}
       ${merge('job bound', '{"spec":{"completions":4,"parallelism":4}}')}
       kubectl delete job bound -n $NS`,
      ...[
        '61 * * * *',
        '* * 0 * *',
        '5-1 * * * *',
        '*/0 * * * *',
        'a * * * *',
        '@sometimes',
        '@every 1x',
        '* * * *',
      ].map(cronJob),
      create(service('clusterIPs: [10.96.77.8]'), '-n $NS'),
      create(service('clusterIP: None, clusterIPs: [10.96.77.8]'), '-n $NS'),
      create(service('externalIPs: [127.0.0.1, host]'), '-n $NS'),
      `${create(service('type: NodePort').replace('[{port: 80}]', '[{name: u, port: 53, protocol: UDP, nodePort: 30953}, {name: t, port: 53, nodePort: 30953}]'), '-n $NS')}
       ${merge('svc bound', '{"spec":{"ports":[{"name":"a","port":54,"nodePort":30953},{"name":"b","port":55,"nodePort":30953}]}}')}
       kubectl delete svc bound -n $NS`,
      ...['maybe', 'Yes', ''].map(
        (choice) =>
          `kubectl label ns $NS istio-injection=enabled --overwrite >/dev/null; sleep 1; kubectl run bound --image=x:1 --labels=sidecar.istio.io/inject=${choice} -n $NS --dry-run=server -o jsonpath='{.spec.containers[*].name}{"\\n"}'`,
      ),
      ...[
        'traffic.sidecar.istio.io/excludeOutboundPorts=80,x',
        'traffic.sidecar.istio.io/includeOutboundIPRanges=10.0.0.0/40',
        'readiness.status.sidecar.istio.io/periodSeconds=-1',
        'sidecar.istio.io/proxyMemoryLimit=256Mi',
      ].map(
        (annotation) =>
          `kubectl run bound --image=x:1 --annotations=${annotation} -n $NS --dry-run=server -o jsonpath='{.spec.containers[1].resources}{"\\n"}'`,
      ),
      'kubectl label ns $NS istio-injection-',
      'kubectl delete --raw /version; kubectl delete --raw /api/v1; kubectl delete --raw /apis/apps/v1',
    ],
  },
  {
    title: 'what follows by itself',
    commands: [
      `kubectl create clusterrole conform-part --verb=get --resource=pods
       kubectl create clusterrole conform-whole --aggregation-rule=part=conform
       kubectl label clusterrole conform-part part=conform; sleep 1
       kubectl get clusterrole conform-whole -o jsonpath='{.rules}{"\\n"}'; kubectl describe clusterrole conform-whole
       kubectl delete clusterrole conform-part conform-whole`,
      `${apply(definition)}\nkubectl wait --for=condition=Established crd/pledges.conform.example --timeout=10s; sleep 2`,
      create(pledge('v1', 'a: x'), '-n $NS'),
      `kubectl get pledges.v1beta1.conform.example one -n $NS -o jsonpath='{.apiVersion} {.a}{.b}{"\\n"}'`,
      `${apply(pledge('v1beta1', 'b: y'), '-n $NS')}\nkubectl get pledge one -n $NS -o jsonpath='{.a}{.b}{"\\n"}'`,
      `kubectl patch crd pledges.conform.example --type=json -p '[{"op":"replace","path":"/spec/versions/0/name","value":"v2"}]' 2>&1 | grep -v spec.versions`,
      `kubectl delete crd pledges.conform.example --wait=false; sleep 2
       kubectl get crd pledges.conform.example -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}'`,
      create(pledge('v1', 'a: z').replace('name: one', 'name: two'), '-n $NS'),
      `kubectl get pledges -n $NS; kubectl patch pledge one -n $NS --type=merge -p '{"metadata":{"finalizers":null}}'; sleep 6; kubectl get crd pledges.conform.example`,
      `kubectl run bound --image=docker.io/istio/examples-bookinfo-details-v1:1.18.0 --image-pull-policy=IfNotPresent --overrides='{"spec":{"activeDeadlineSeconds":3,"terminationGracePeriodSeconds":1}}' -n $NS
       kubectl wait pod/bound -n $NS --for=jsonpath='{.status.phase}'=Failed --timeout=60s
       kubectl get pod bound -n $NS -o jsonpath='{.status.reason} {.status.message}{"\\n"}{range .status.conditions[*]}{.type}={.status} {.reason}{"\\n"}{end}'
       kubectl delete pod bound -n $NS`,
      `kubectl run bound --image=docker.io/istio/examples-bookinfo-details-v1:1.18.0 --image-pull-policy=IfNotPresent --overrides='{"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"bound","image":"docker.io/istio/examples-bookinfo-details-v1:1.18.0","imagePullPolicy":"IfNotPresent","livenessProbe":{"httpGet":{"path":"/nope","port":9080},"periodSeconds":1,"failureThreshold":2}}]}}' -n $NS
       kubectl wait pod/bound -n $NS --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=60s
       kubectl get events -n $NS --field-selector involvedObject.name=bound,type=Warning -o jsonpath='{range .items[*]}{.reason} {.message}{"\\n"}{end}' | head -1
       kubectl get events -n $NS --field-selector involvedObject.name=bound,reason=Killing -o jsonpath='{range .items[*]}{.message}{"\\n"}{end}' | head -1
       kubectl delete pod bound -n $NS`,
      `kubectl create deployment bound --image=registry.k8s.io/pause:3.9 -n $NS; kubectl autoscale deployment bound --min=2 --max=3 -n $NS
       sleep 17; kubectl get hpa,deploy -n $NS; kubectl describe hpa bound -n $NS
       sleep 15; kubectl get hpa bound -n $NS -o yaml; kubectl delete hpa,deploy bound -n $NS`,
      `kubectl autoscale deployment nope --max=3 -n $NS; sleep 17; kubectl describe hpa nope -n $NS; kubectl delete hpa nope -n $NS`,
    ],
  },
]
