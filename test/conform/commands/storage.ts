/** Claims, and the volumes that are there for them. */
import { apply, type Group } from './group.ts'

const volume = (name: string, size: string, more = '') => `
apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}-$NS}
spec: {capacity: {storage: ${size}}, accessModes: [ReadWriteOnce], hostPath: {path: /x}, storageClassName: $NS${more}}`

const claim = (name: string, spec: string) => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 500Mi}}, ${spec}}`

/** `$NS` is filled in by the shell. */
const applied = (yaml: string) => `${apply(yaml, '-n $NS').replace("'YAML'", 'YAML')}\n`

const phases = `kubectl get pv -o json | jq -c '[.items[] | select(.spec.storageClassName == env.NS) | [.metadata.name, .status.phase, .spec.claimRef.name]]'; kubectl get pvc -n $NS --no-headers | awk '{print $1,$2,$3,$4,$5}'`

export const storage: readonly Group[] = [
  {
    title: 'claims and volumes',
    commands: [
      `${applied(claim('first', 'storageClassName: $NS'))}sleep 2; kubectl get events -n $NS --field-selector involvedObject.name=first -o json | jq -r '.items[] | .type + " " + .reason + " " + .message' | sort -u; ${phases}`,
      `kubectl run stored --image=registry.k8s.io/pause:3.9 -n $NS --overrides='{"spec":{"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"first"}}]}}'; sleep 1; kubectl get pod stored -n $NS -o jsonpath='{.status.phase} {.status.conditions[0].message}'`,
      `${applied(volume('large', '9Gi'))}${applied(volume('small', '1Mi'))}kubectl wait --for=jsonpath={.status.phase}=Bound pvc/first -n $NS --timeout=30s; ${phases}`,
      "kubectl wait --for=condition=Ready pod/stored -n $NS --timeout=60s; kubectl get pvc first -n $NS -o json | jq -Sc '[.metadata.annotations, .status]'",
      `kubectl delete pv large-$NS --wait=false; kubectl delete pvc first -n $NS --wait=false; sleep 1; kubectl get pvc first -n $NS --no-headers | awk '{print $2}'; kubectl delete pod stored -n $NS --now; sleep 3; ${phases}`,
      `${applied(claim('none', 'storageClassName: ""'))}${applied(claim('named', 'storageClassName: $NS, volumeName: small-$NS'))}sleep 2; kubectl get events -n $NS -o json | jq -r '.items[] | select(.involvedObject.name == "none" or .involvedObject.name == "named") | .type + " " + .reason + " " + .message' | sort -u; ${phases}`,
      'kubectl delete pvc none named -n $NS; kubectl delete pv small-$NS',
    ],
  },
]
