/**
 * Commands that are typed at a real cluster and at the sandbox, in this order, in a namespace of their own. `$NS` is
 * that namespace; files are written beside by the runner.
 */

export interface Group {
  title: string
  commands: readonly string[]
}

const apply = (yaml: string, ...flags: string[]) => `kubectl apply ${flags.join(' ')} -f - <<'YAML'\n${yaml}\nYAML`
const create = (yaml: string, ...flags: string[]) => `kubectl create ${flags.join(' ')} -f - <<'YAML'\n${yaml}\nYAML`

const deployment = (name: string, more = '', image = 'docker.io/istio/examples-bookinfo-details-v1:1.18.0') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - {name: main, image: '${image}', imagePullPolicy: IfNotPresent, ports: [{containerPort: 9080}]}
${more}`

const statefulSet = (name: string) =>
  deployment(name)
    .replace('kind: Deployment', 'kind: StatefulSet')
    .replace('replicas: 1', `replicas: 2\n  serviceName: ${name}`)

const daemonSet = (name: string) =>
  deployment(name).replace('kind: Deployment', 'kind: DaemonSet').replace('  replicas: 1\n', '')

const limitRange = (limits: string) => `
apiVersion: v1
kind: LimitRange
metadata: {name: range}
spec: {limits: ${limits}}`

const virtualService = (http: string, name = 'case', hosts = '[case]') => `
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: ${name}}
spec: {hosts: ${hosts}, http: ${http}}`

const destinationRule = (spec: string) => `
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: case}
spec: ${spec}`

const gateway = (spec: string) => `
apiVersion: networking.istio.io/v1beta1
kind: Gateway
metadata: {name: case}
spec: ${spec}`

const toCase = '[{route: [{destination: {host: case}}]}]'

const widget = (spec: string) => `
apiVersion: conform.example/v1
kind: Widget
metadata: {name: one}
spec: ${spec}`

/** A definition with rules of its own. */
const ruled = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.conform.example}
spec:
  group: conform.example
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-validations:
            - {rule: "self.min <= self.max", message: min must not exceed max}
            - {rule: "!has(self.kind) || self.kind == oldSelf.kind", message: kind stays, fieldPath: .kind, reason: FieldValueForbidden}
            - {rule: "self.max < 100", messageExpression: "self.max > 150 ? 'far too large' : 'too large'"}
            properties:
              min: {type: integer, minimum: 0}
              max: {type: integer}
              kind: {type: string, maxLength: 10}
              note: {type: string, maxLength: 100, x-kubernetes-validations: [{rule: "self.size() < 5 && self.matches('^[a-z]*$')"}]}
              tags:
                type: array
                maxItems: 10
                x-kubernetes-validations: [{rule: "self.all(t, t.name != '')", message: tags need names}]
                items:
                  type: object
                  x-kubernetes-validations: [{rule: "!has(self.value) || self.value > 0", message: value must be positive}]
                  properties: {name: {type: string, maxLength: 20}, value: {type: number}}
              site: {type: string, maxLength: 200, x-kubernetes-validations: [{rule: "isURL(self) && url(self).getScheme() == 'https'"}]}
              count: {type: integer, x-kubernetes-validations: [{rule: "self >= oldSelf", message: count only grows}]}
              any: {x-kubernetes-int-or-string: true, x-kubernetes-validations: [{rule: "type(self) == int ? self > 1 : self.endsWith('%')"}]}`

export const groups: readonly Group[] = [
  {
    title: 'the cluster',
    commands: [
      'kubectl version -o json | grep -v "Date\\|goVersion\\|gitCommit\\|platform\\|compiler\\|TreeState"',
      'kubectl cluster-info',
      'kubectl api-versions',
      'kubectl api-resources',
      'kubectl api-resources --namespaced=false -o name',
      'kubectl api-resources --api-group=networking.istio.io -o wide',
      'kubectl api-resources --verbs=list,create -o name | sort',
      'kubectl get nodes',
      'kubectl get nodes -o name',
      'kubectl get namespaces',
      'kubectl get ns --show-labels',
      'kubectl get ns default -o yaml',
      'kubectl get componentstatuses --sort-by=.metadata.name',
      'kubectl get --raw /healthz',
      'kubectl get --raw /livez',
      'kubectl get --raw /readyz/ping',
      'kubectl get --raw /nowhere',
      'kubectl auth can-i create deployments',
      'kubectl auth can-i "*" "*" --all-namespaces',
      'kubectl auth can-i --list',
      'kubectl auth whoami',
      'kubectl get storageclass',
      'kubectl get priorityclass',
      'kubectl get clusterrole -o name | grep -v istio | sort',
      'kubectl get clusterrolebinding -o name | grep -v istio | sort',
      'kubectl get flowschemas --sort-by=.metadata.name',
      'kubectl get apiservices',
      'kubectl get leases -A -o name | grep -v apiserver',
      'kubectl get csinodes',
      'kubectl get pods -n kube-system -o name | sort',
      'kubectl get deploy,ds,svc,cm,sa -n kube-system',
      'kubectl config current-context | wc -w',
    ],
  },
  {
    title: "Istio's installation",
    commands: [
      'kubectl get all -n istio-system',
      'kubectl get cm,sa,secret,pdb,role,rolebinding,lease -n istio-system',
      'kubectl get crd',
      'kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations',
      'kubectl get endpoints -n istio-system -o name',
      'kubectl get deploy istiod -n istio-system -o jsonpath="{.spec.template.spec.containers[*].image}"',
      'kubectl get deploy istio-ingressgateway -n istio-system -o jsonpath="{.spec.template.spec}" | jq -S .',
      'kubectl get svc istio-ingressgateway -n istio-system -o jsonpath="{.spec.ports}" | jq -cS "map(del(.nodePort))"',
      'kubectl get cm istio -n istio-system -o yaml | grep -v "uid:\\|resourceVersion\\|creationTimestamp"',
      'kubectl get cm -A -l istio.io/config=true -o name',
      'kubectl get secret -n istio-system',
    ],
  },
  {
    title: 'reading',
    commands: [
      'kubectl get pods',
      'kubectl get pods -o wide',
      'kubectl get pods -o name | cut -d- -f1-2',
      'kubectl get pods --show-labels',
      'kubectl get pods -L app,version',
      'kubectl get pods -l app=reviews',
      'kubectl get pods -l "app in (reviews,ratings),version!=v1"',
      'kubectl get pods -l "!version"',
      'kubectl get pods -l app=nothing',
      'kubectl get pods --field-selector status.phase=Running -l app=details',
      'kubectl get pods --field-selector status.phase=Pending',
      'kubectl get pods --field-selector nothing=1',
      'kubectl get svc --field-selector metadata.name=reviews',
      'kubectl get vs --field-selector metadata.name=reviews,spec.hosts=a',
      'kubectl get pods --sort-by=.metadata.name --no-headers -l app=reviews',
      'kubectl get pods -A -l app=reviews',
      'kubectl get pods --chunk-size=2',
      'kubectl get svc,deploy,rs',
      'kubectl get all',
      'kubectl get svc -o wide',
      'kubectl get deploy -o wide',
      'kubectl get rs -o wide',
      'kubectl get endpoints',
      'kubectl get endpointslices -l kubernetes.io/service-name=reviews',
      'kubectl get sa',
      'kubectl get cm',
      'kubectl get vs,dr,gw',
      'kubectl get virtualservice reviews -o yaml',
      'kubectl get dr reviews -o json',
      'kubectl get gw bookinfo-gateway -o yaml',
      'kubectl get deploy reviews-v1 -o yaml',
      'kubectl get svc reviews -o yaml',
      'kubectl get rs -l app=ratings -o yaml',
      'kubectl get pods -l app=ratings -o yaml',
      'kubectl get pods -l app=productpage -o json | jq -S ".items[0].spec"',
      'kubectl get endpoints reviews -o yaml',
      'kubectl get endpointslices -l kubernetes.io/service-name=details -o yaml',
      'kubectl get sa bookinfo-reviews -o yaml',
      'kubectl get deploy reviews-v1 -o yaml --show-managed-fields | grep -c "manager:"',
      'kubectl get vs reviews -o jsonpath="{.spec.http[*].route[*].destination.subset}"',
      "kubectl get dr -o jsonpath=\"{range .items[*]}{.metadata.name}{'\\t'}{.spec.subsets[*].name}{'\\n'}{end}\"",
      'kubectl get dr -o custom-columns=NAME:.metadata.name,HOST:.spec.host,NONE:.spec.none',
      'kubectl get deploy -o go-template="{{range .items}}{{.metadata.name}} {{.status.readyReplicas}}{{\\"\\\\n\\"}}{{end}}"',
      'kubectl get pod nothing',
      'kubectl get pods,vs nothing',
      'kubectl get nothing',
      'kubectl get vs.v1alpha3.networking.istio.io reviews -o jsonpath={.apiVersion}',
      'kubectl get deploy -n nowhere',
      'kubectl get --raw /apis/networking.istio.io/v1beta1/namespaces/default/virtualservices/nothing',
      'kubectl describe vs reviews',
      'kubectl describe dr reviews',
      'kubectl describe svc reviews',
      'kubectl describe deploy reviews-v1',
      'kubectl describe rs -l app=details',
      'kubectl describe pod -l app=details',
      'kubectl describe ns default',
      'kubectl describe sa bookinfo-details',
      'kubectl describe cm istio-ca-root-cert | grep -v "^[A-Za-z0-9+/=]\\{64\\}$" | grep -v "^[A-Za-z0-9+/=]*$"',
      'kubectl explain vs.spec.http.match',
      'kubectl explain deployment.spec.strategy',
      'kubectl explain pod --recursive | wc -l',
      'kubectl get pods -w --request-timeout=1s -l app=details',
      'kubectl get pods --watch-only --request-timeout=1s',
      'kubectl top pods',
    ],
  },
  {
    title: 'creating and changing',
    commands: [
      'kubectl create configmap one --from-literal=a=b -n $NS',
      'kubectl create configmap one --from-literal=a=b -n $NS',
      'kubectl get cm one -n $NS -o yaml',
      'kubectl create secret generic two --from-literal=c=d -n $NS -o yaml',
      'kubectl create sa three -n $NS',
      'kubectl create service clusterip four --tcp=80:8080 -n $NS',
      'kubectl create service nodeport five --tcp=80:8080 -n $NS; kubectl get svc five -n $NS',
      'kubectl create deployment six --image=nothing:1 --replicas=0 -n $NS',
      'kubectl create deployment six --image=nothing:1 -n $NS',
      'kubectl create namespace Bad_Name',
      'kubectl create cm Bad_Name -n $NS',
      'kubectl create cm x -n nowhere',
      'kubectl create quota q --hard=pods=1 -n $NS --dry-run=client -o yaml',
      'kubectl create role r --verb=get --resource=pods -n $NS --dry-run=server -o yaml',
      'kubectl label cm one -n $NS x=y',
      'kubectl label cm one -n $NS x=z',
      'kubectl label cm one -n $NS x=z --overwrite',
      'kubectl label cm one -n $NS x-',
      'kubectl label cm one -n $NS nothing-',
      'kubectl label cm one -n $NS "bad key=1"',
      'kubectl annotate cm one -n $NS note="a b"',
      'kubectl annotate cm one -n $NS note-',
      `kubectl patch cm one -n $NS -p '{"data":{"a":"c"}}'`,
      `kubectl patch cm one -n $NS -p '{"data":{"a":"c"}}'`,
      `kubectl patch cm one -n $NS --type merge -p '{"data":{"a":null,"n":"1"}}' -o yaml`,
      `kubectl patch cm one -n $NS --type json -p '[{"op":"replace","path":"/data/n","value":"2"}]'`,
      `kubectl patch cm one -n $NS --type json -p '[{"op":"remove","path":"/data/zzz"}]'`,
      `kubectl patch cm one -n $NS --type json -p '[{"op":"test","path":"/data/n","value":"9"}]'`,
      `kubectl patch cm one -n $NS -p '{"data":{"a":1}}'`,
      `kubectl patch cm one -n $NS -p 'nothing'`,
      `kubectl patch cm one -n $NS -p '{"dta":{}}'`,
      `kubectl patch vs reviews -p '{"spec":{}}'`,
      `kubectl patch vs nothing --type merge -p '{"spec":{}}'`,
      `kubectl patch deploy six -n $NS -p '{"spec":{"selector":{"matchLabels":{"x":"y"}}}}'`,
      `kubectl patch deploy six -n $NS -p '{"spec":{"replicas":-1}}'`,
      `kubectl patch svc four -n $NS -p '{"spec":{"clusterIP":"10.96.0.77"}}'`,
      'kubectl set image deploy/six nothing=nothing:2 -n $NS',
      'kubectl set image deploy/six wrong=nothing:2 -n $NS',
      'kubectl set env deploy/six A=B -n $NS; kubectl get deploy six -n $NS -o jsonpath="{.spec.template.spec.containers[0].env}"',
      'kubectl scale deploy six --replicas=0 -n $NS',
      'kubectl scale deploy six --current-replicas=3 --replicas=1 -n $NS',
      'kubectl scale deploy nothing --replicas=1 -n $NS',
      'kubectl expose deploy six --port=80 -n $NS',
      'kubectl autoscale deploy six --max=3 -n $NS 2>/dev/null; kubectl get hpa -n $NS',
      'EDITOR="sed -i s/n:/m:/" kubectl edit cm one -n $NS; kubectl get cm one -n $NS -o jsonpath={.data}',
      'kubectl replace -f <(kubectl get cm one -n $NS -o json | jq ".data.r=\\"1\\"")',
      'kubectl replace -f <(kubectl get cm one -n $NS -o json | jq ".metadata.resourceVersion=\\"1\\"")',
      'kubectl delete cm one -n $NS --dry-run=server',
      'kubectl delete cm one -n $NS',
      'kubectl delete cm one -n $NS',
      'kubectl delete cm one -n $NS --ignore-not-found',
      'kubectl delete svc,sa -l nothing=1 -n $NS',
      'kubectl delete svc --all -n $NS',
      'kubectl delete deploy six -n $NS --cascade=orphan; kubectl get deploy,rs -n $NS --no-headers | wc -l',
      'kubectl delete rs,hpa --all -n $NS | sort | sed s/six-[a-z0-9]*/six/ | uniq',
    ],
  },
  {
    title: 'applying',
    commands: [
      apply(virtualService(toCase), '-n $NS'),
      apply(virtualService(toCase), '-n $NS'),
      apply(
        virtualService('[{route: [{destination: {host: case, subset: v1}}]}]'),
        '-n $NS',
        '--dry-run=server',
        '-o',
        'yaml',
      ),
      `kubectl diff -n $NS -f - <<'YAML' | tail -n +3\n${virtualService('[{route: [{destination: {host: other}}]}]')}\nYAML`,
      apply(virtualService('[{route: [{destination: {host: other}}]}]'), '-n $NS'),
      apply(virtualService(toCase), '-n $NS', '--server-side'),
      apply(virtualService(toCase), '-n $NS', '--server-side', '--field-manager=other'),
      apply(
        virtualService('[{route: [{destination: {host: third}}]}]'),
        '-n $NS',
        '--server-side',
        '--field-manager=other',
      ),
      apply(
        virtualService('[{route: [{destination: {host: third}}]}]'),
        '-n $NS',
        '--server-side',
        '--field-manager=other',
        '--force-conflicts',
      ),
      'kubectl get vs case -n $NS -o yaml --show-managed-fields',
      apply(deployment('web'), '-n $NS', '--server-side'),
      apply(deployment('web'), '-n $NS', '--server-side'),
      apply(deployment('web').replace('replicas: 1', 'replicas: 2'), '-n $NS', '--server-side', '--field-manager=b'),
      'kubectl get deploy web -n $NS -o json --show-managed-fields | jq -S ".metadata.managedFields | map(select(.manager != \\"kube-controller-manager\\")) | map(del(.time))"',
      'kubectl apply view-last-applied vs reviews -o yaml',
      'kubectl delete vs case -n $NS; kubectl delete deploy web -n $NS --wait=false',
      apply(`${deployment('a')}\n---\n${deployment('b').replace('kind: Deployment', 'kind: Nothing')}`, '-n $NS'),
      'kubectl delete deploy a -n $NS --ignore-not-found',
    ],
  },
  {
    title: 'rules of definitions',
    commands: [
      `${apply(ruled)}\nkubectl wait --for=condition=Established crd/widgets.conform.example --timeout=10s; sleep 1`,
      ...[
        '{min: 1, max: 2}',
        '{min: 3, max: 2}',
        '{min: 3}',
        '{min: 1, max: 120}',
        '{min: 1, max: 2, note: TOOLONG}',
        '{min: 1, max: 2, tags: [{name: ""}, {name: a, value: -1.5}]}',
        '{min: 1, max: 2, site: "http://a.example/x"}',
        '{min: 1, max: 2, site: "https://a.example:80/x?y", any: 5%, count: 3, kind: a}',
        '{min: 1, max: 2, count: 2, kind: b}',
      ].map((spec) => apply(widget(spec), '-n $NS')),
      `kubectl patch widget one -n $NS --type=merge -p '{"spec":{"count":1}}'`,
      `kubectl patch widget one -n $NS --type=merge -p '{"spec":{"count":5,"min":-1}}'`,
      'kubectl delete crd widgets.conform.example',
      apply(ruled.replace('self.min <= self.max', '')),
    ],
  },
  {
    title: 'validation',
    commands: [
      create(virtualService(toCase).replace('hosts', 'hostz'), '-n $NS', '--validate=warn', '--dry-run=server'),
      create(virtualService(toCase).replace('hosts', 'hostz'), '-n $NS'),
      create(virtualService('[{rout: []}]'), '-n $NS'),
      create(virtualService('[{rout: []}]'), '-n $NS', '--validate=false'),
      create(virtualService('5'), '-n $NS'),
      create(virtualService('[]'), '-n $NS'),
      create(virtualService('[{route: []}]'), '-n $NS'),
      create(virtualService('[{route: [{destination: {}}]}]'), '-n $NS'),
      create(
        virtualService('[{route: [{destination: {host: a}, weight: 50}, {destination: {host: b}, weight: 60}]}]'),
        '-n $NS',
        '--dry-run=server',
      ),
      create(
        virtualService('[{route: [{destination: {host: a}, weight: -1}, {destination: {host: b}, weight: 60}]}]'),
        '-n $NS',
      ),
      create(virtualService('[{route: [{destination: {host: a}, weight: 0}]}]'), '-n $NS', '--dry-run=server'),
      create(
        virtualService('[{match: [{uri: {exact: /a, prefix: /b}}], route: [{destination: {host: a}}]}]'),
        '-n $NS',
      ),
      create(virtualService('[{match: [{uri: {regex: "a("}}], route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{match: [{headers: {"": {exact: a}}}], route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{timeout: soon, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{timeout: 1ns, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{fault: {abort: {httpStatus: 700}}, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(
        virtualService(
          '[{fault: {abort: {httpStatus: 500, percentage: {value: 120}}}, route: [{destination: {host: a}}]}]',
        ),
        '-n $NS',
      ),
      create(virtualService('[{fault: {delay: {fixedDelay: 0s}}, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{retries: {attempts: -1}, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(
        virtualService('[{retries: {attempts: 1, retryOn: nonsense}, route: [{destination: {host: a}}]}]'),
        '-n $NS',
      ),
      create(virtualService('[{redirect: {uri: /a}, route: [{destination: {host: a}}]}]'), '-n $NS'),
      create(virtualService('[{redirect: {redirectCode: 299}}]'), '-n $NS'),
      create(virtualService('[{directResponse: {status: 99}}]'), '-n $NS'),
      create(virtualService('[{route: [{destination: {host: a, port: {number: 0}}}]}]'), '-n $NS'),
      create(virtualService('[{route: [{destination: {host: a, port: {number: 70000}}}]}]'), '-n $NS'),
      create(virtualService('[{route: [{destination: {host: "*"}}]}]'), '-n $NS'),
      create(virtualService(toCase, 'case', '[]'), '-n $NS'),
      create(virtualService(toCase, 'case', '["a_b"]'), '-n $NS'),
      create(virtualService(toCase, 'case', '["*", "a"]'), '-n $NS', '--dry-run=server'),
      create(virtualService(toCase, 'case', '["a", "a"]'), '-n $NS'),
      create(destinationRule('{}'), '-n $NS'),
      create(destinationRule('{host: a, subsets: [{labels: {a: b}}]}'), '-n $NS'),
      create(destinationRule('{host: a, subsets: [{name: "a b", labels: {a: b}}]}'), '-n $NS'),
      create(destinationRule('{host: a, trafficPolicy: {loadBalancer: {simple: NOTHING}}}'), '-n $NS'),
      create(
        destinationRule(
          '{host: a, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: a, useSourceIp: true}}}}',
        ),
        '-n $NS',
      ),
      create(destinationRule('{host: a, trafficPolicy: {outlierDetection: {maxEjectionPercent: 101}}}'), '-n $NS'),
      create(gateway('{selector: {istio: ingressgateway}}'), '-n $NS'),
      create(
        gateway('{servers: [{port: {number: 80, name: a, protocol: HTTP}, hosts: ["*"]}]}'),
        '-n $NS',
        '--dry-run=server',
      ),
      create(gateway('{servers: [{port: {number: 80, name: a, protocol: NOTHING}, hosts: ["*"]}]}'), '-n $NS'),
      create(gateway('{servers: [{port: {number: 80, name: a, protocol: HTTP}}]}'), '-n $NS'),
      create(gateway('{servers: [{port: {number: 0, name: a, protocol: HTTP}, hosts: ["*"]}]}'), '-n $NS'),
      create(gateway('{servers: [{port: {number: 443, name: a, protocol: HTTPS}, hosts: ["*"]}]}'), '-n $NS'),
      create(deployment('web').replace('replicas: 1', 'replicas: two'), '-n $NS'),
      create(deployment('web').replace('replicas: 1', 'replicaz: 1'), '-n $NS'),
      create(deployment('web').replace('matchLabels: {app: web}', 'matchLabels: {app: other}'), '-n $NS'),
      create(deployment('web').replace('name: main, ', ''), '-n $NS'),
      create(deployment('web').replace('containerPort: 9080', 'containerPort: 99999'), '-n $NS'),
      create(deployment('Web'), '-n $NS'),
      create(deployment('web').replace('IfNotPresent', 'Sometimes'), '-n $NS'),
      create('apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {}', '-n $NS'),
      create('apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}, {port: 81}]}', '-n $NS'),
      create(
        'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: Nothing, ports: [{port: 80}]}',
        '-n $NS',
      ),
      create('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: 1}', '-n $NS'),
      create('apiVersion: v1\nkind: ConfigMap\ndata: {a: "1"}', '-n $NS'),
      create('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {"a b": c}}', '-n $NS'),
      create('apiVersion: v9\nkind: ConfigMap\nmetadata: {name: c}', '-n $NS'),
      create('kind: ConfigMap\nmetadata: {name: c}', '-n $NS'),
      create('apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}', '-n $NS'),
      create('a: [', '-n $NS'),
    ],
  },
  {
    title: 'rollouts',
    commands: [
      `(timeout 7 kubectl get pods -w -n $NS -l app=seen --no-headers &
      sleep 1
      ${apply(deployment('seen'), '-n $NS')}
      wait) | awk '{print $2, $3}'`,
      'kubectl delete deploy seen -n $NS',
      apply(deployment('web'), '-n $NS'),
      'kubectl rollout status deploy/web -n $NS --timeout=60s | tail -1',
      'kubectl get deploy,rs,pods -n $NS',
      'kubectl rollout history deploy/web -n $NS',
      'kubectl set image deploy/web main=docker.io/istio/examples-bookinfo-ratings-v1:1.18.0 -n $NS',
      'kubectl rollout status deploy/web -n $NS --timeout=60s | tail -1',
      'kubectl rollout history deploy/web -n $NS',
      'kubectl rollout history deploy/web --revision=2 -n $NS',
      'kubectl rollout undo deploy/web -n $NS',
      'kubectl rollout status deploy/web -n $NS --timeout=60s | tail -1',
      'kubectl rollout restart deploy/web -n $NS',
      'kubectl rollout status deploy/web -n $NS --timeout=60s | tail -1',
      'kubectl rollout pause deploy/web -n $NS',
      'kubectl rollout resume deploy/web -n $NS',
      'kubectl rollout undo deploy/web --to-revision=99 -n $NS',
      'kubectl scale deploy web --replicas=3 -n $NS; kubectl wait --for=jsonpath={.status.readyReplicas}=3 deploy/web -n $NS --timeout=60s',
      'kubectl get deploy,rs -n $NS',
      'kubectl get deploy web -n $NS -o json | jq -S ".status | del(.conditions)"',
      'kubectl get deploy web -n $NS -o json | jq -c ".status.conditions[] | [.type,.status,.reason]"',
      'kubectl delete pod -l app=web -n $NS --wait=false | wc -l; kubectl rollout status deploy/web -n $NS --timeout=60s | tail -1',
      'kubectl scale deploy web --replicas=0 -n $NS; kubectl wait --for=delete pod -l app=web -n $NS --timeout=60s | wc -l',
      'kubectl get pods -n $NS',
      'kubectl set image deploy/web main=docker.io/istio/examples-bookinfo-ratings-v1:nothing -n $NS; kubectl scale deploy web --replicas=1 -n $NS; kubectl wait --for=jsonpath="{.status.containerStatuses[0].state.waiting.reason}"=ErrImagePull pod -l app=web -n $NS --timeout=60s | cut -d- -f1',
      'kubectl rollout status deploy/web -n $NS --timeout=1s',
      'kubectl wait --for=condition=available deploy/web -n $NS --timeout=1s',
      'kubectl logs deploy/web -n $NS',
      'kubectl get events -n $NS -o json | jq -r ".items[].reason" | sort -u',
      'kubectl describe pod -l app=web -n $NS | grep -A20 ^Events | tail -n +3 | awk "{print \\$1, \\$2}" | sort -u',
      'kubectl delete deploy web -n $NS; kubectl wait --for=delete pod -l app=web -n $NS --timeout=60s | wc -l; kubectl get rs,pods -n $NS',
    ],
  },
  {
    title: 'sets and jobs',
    commands: [
      apply(statefulSet('db'), '-n $NS'),
      'kubectl rollout status sts/db -n $NS --timeout=60s | tail -1',
      'kubectl get sts,pods -n $NS -l app=db',
      'kubectl get sts db -n $NS -o yaml',
      'kubectl get pod db-0 -n $NS -o json | jq -S ".metadata.labels, .spec.hostname, .spec.subdomain"',
      'kubectl set env sts/db A=B -n $NS; kubectl rollout status sts/db -n $NS --timeout=60s | tail -1; kubectl rollout history sts/db -n $NS',
      'kubectl rollout undo sts/db -n $NS; kubectl rollout status sts/db -n $NS --timeout=60s | tail -1; kubectl get controllerrevisions -n $NS -o json | jq "[.items[].revision] | sort"',
      'kubectl scale sts db --replicas=1 -n $NS; kubectl wait --for=delete pod/db-1 -n $NS --timeout=60s; kubectl get sts db -n $NS',
      'kubectl patch sts db -n $NS -p \'{"spec":{"serviceName":"other"}}\'',
      'kubectl delete sts db -n $NS; kubectl wait --for=delete pod/db-0 -n $NS --timeout=60s',
      apply(daemonSet('agent'), '-n $NS'),
      'kubectl rollout status ds/agent -n $NS --timeout=60s | tail -1; kubectl set env ds/agent A=B -n $NS; kubectl rollout status ds/agent -n $NS --timeout=60s | tail -1; kubectl rollout history ds/agent -n $NS',
      'kubectl rollout undo ds/agent -n $NS; kubectl rollout status ds/agent -n $NS --timeout=60s | tail -1; kubectl rollout history ds/agent -n $NS',
      'kubectl rollout history ds/agent -n $NS --revision=2',
      'kubectl delete ds agent -n $NS',
      'kubectl create job once --image=registry.invalid/nothing:1 -n $NS; sleep 2; kubectl get jobs -n $NS; kubectl get job once -n $NS -o json | jq -S "del(.status.startTime) | .status"',
      'kubectl patch job once -n $NS -p \'{"spec":{"suspend":true}}\'; sleep 2; kubectl get job once -n $NS -o json | jq -c ".status.conditions[] | [.type, .status, .reason, .message]"',
      'kubectl patch job once -n $NS -p \'{"spec":{"completions":3}}\'',
      'kubectl delete job once -n $NS',
      'kubectl create cronjob tick --image=registry.invalid/nothing:1 --schedule="0 0 1 1 *" -n $NS; kubectl get cronjobs -n $NS',
      'kubectl create cronjob tock --image=a --schedule="TZ=UTC 0 0 1 1 *" -n $NS',
      'kubectl delete cronjob tick -n $NS',
    ],
  },
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
      'kubectl get events -n $NS --field-selector involvedObject.kind=Deployment -o json | jq -r ".items[].message" | sort | sed "s/-[a-z0-9]* to/ to/"',
      'kubectl label ns $NS istio-injection-',
      'kubectl delete pod -l app=in -n $NS | wc -l; kubectl rollout status deploy/in -n $NS --timeout=60s | tail -1; kubectl get pods -n $NS -l app=in',
      'kubectl delete ns default',
      'kubectl delete ns kube-system --dry-run=server',
      'kubectl create ns $NS-2; kubectl create cm a -n $NS-2; kubectl delete ns $NS-2; kubectl get ns $NS-2',
      'kubectl delete deploy --all -n $NS --wait',
    ],
  },
]
