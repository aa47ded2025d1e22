/** The controllers of a cluster. */
import type { KubeObject } from '../objects.ts'
import { accountTokens, type IssueToken } from './account-tokens.ts'
import { clusterRoleAggregationController } from './aggregated-roles.ts'
import { apiServiceController } from './api-services.ts'
import { autoscalerController } from './autoscaling/controller.ts'
import type { Controller } from './controller.ts'
import { cordonController } from './cordons.ts'
import { daemonSetController } from './daemon-sets.ts'
import { definitionController } from './definitions.ts'
import { deploymentController } from './deployments/controller.ts'
import { disruptionController } from './disruption-budgets.ts'
import { endpointsController } from './endpoints.ts'
import { expiryController } from './expiry.ts'
import { flowSchemaController } from './flow-schemas.ts'
import { garbageCollector } from './garbage.ts'
import { istiodController } from './istiod.ts'
import { jobController } from './jobs/controller.ts'
import { cronJobController } from './jobs/cron-jobs.ts'
import { endpointsMirror } from './mirrored-endpoints.ts'
import { namespaceController } from './namespaces.ts'
import { orphanedPods } from './orphaned-pods.ts'
import { kubelet } from './pods/kubelet.ts'
import type { Node } from './pods/node.ts'
import { scheduler } from './pods/scheduler.ts'
import { staticPods } from './pods/static-pods.ts'
import { quotaController } from './quotas.ts'
import { replicaSetController, replicationController } from './replica-sets.ts'
import { statefulSetController } from './stateful-sets.ts'
import { claimController } from './storage/claims.ts'
import { volumeController } from './storage/volumes.ts'
import { taintEvictionController } from './taint-evictions.ts'

export interface ClusterParts {
  node: Node
  /** The pods that the kubelet starts from files. */
  manifests?: readonly KubeObject[]
  issueToken: IssueToken
  /** The cluster's own authority, in PEM. */
  clusterAuthority: string
  /** The mesh's, in PEM. */
  meshAuthority: string
}

export function clusterControllers({
  node,
  manifests = [],
  issueToken,
  clusterAuthority,
  meshAuthority,
}: ClusterParts): Controller[] {
  return [
    definitionController,
    apiServiceController,
    namespaceController(clusterAuthority),
    accountTokens(issueToken, clusterAuthority),
    deploymentController,
    replicaSetController,
    replicationController,
    daemonSetController,
    statefulSetController,
    jobController(),
    cronJobController,
    scheduler(),
    staticPods(node.name, manifests),
    kubelet(node),
    orphanedPods,
    claimController(),
    volumeController,
    cordonController,
    taintEvictionController(),
    endpointsController,
    endpointsMirror,
    istiodController(meshAuthority),
    disruptionController,
    autoscalerController(),
    clusterRoleAggregationController,
    flowSchemaController,
    quotaController,
    garbageCollector,
    expiryController,
  ]
}
