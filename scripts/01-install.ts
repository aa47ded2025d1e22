#!/usr/bin/env -S node --import tsx/esm
/**
 * Section 1. From a machine with Docker to a cluster with a service mesh: create a Kubernetes cluster, install Istio,
 * have every new pod given a sidecar, and open a way in from this machine's port.
 */
import {
  available,
  gatewayHasPorts,
  gatewayOnHostNetwork,
  gatewaySteady,
  istioVersion,
  namespaceLabelled,
  namespaceNotOptedOut,
  nodesReady,
  nodeThere,
  oneGatewayPodOnHostNetwork,
} from '../lib/conditions.ts'
import { section } from '../lib/lesson.ts'
import { main } from '../lib/main.ts'
import { apiAnswers, holds } from '../lib/proof.ts'
import { sh } from '../lib/sh.ts'

/**
 * The new gateway pod waits for the ports of the old one, and the old one for the new one: here the old one goes first.
 * Taking the rollout back would only do for the first of several.
 */
const freePorts = {
  unless: gatewayHasPorts,
  run: [
    sh`kubectl patch deploy -n istio-system istio-ingressgateway -p '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":1}}}}'`,
    sh`kubectl rollout status -n istio-system deploy/istio-ingressgateway --timeout=300s`,
  ],
}

const install = section('install', 'A cluster with Istio', [
  {
    id: 'cluster',
    title: 'Create a Kubernetes cluster',
    why: 'kind runs a whole cluster in one Docker container. The port mapping lets what arrives at this machine into the node; it cannot be changed later.',
    already: [nodeThere],
    run: (lab) => [sh`kind create cluster ${lab.nodeImageFlags} --config=-`.with(lab.clusterConfig)],
    // Istio can be installed before they are; its pods wait for the node by themselves.
    meanwhile: [nodesReady, available('kube-system', 'coredns')],
    show: [sh`kubectl cluster-info`],
    proof: apiAnswers,
  },
  {
    id: 'istio',
    title: 'Install Istio',
    why: 'The profile "demo" brings the control plane (istiod), a gateway for traffic that comes in and one for traffic that goes out.',
    stuck: [freePorts],
    already: [istioVersion, available('istio-system', 'istiod', 'istio-ingressgateway', 'istio-egressgateway')],
    run: [sh`istioctl install --set profile=demo -y`],
    ready: [available('istio-system', 'istiod', 'istio-ingressgateway', 'istio-egressgateway')],
    proof: holds(istioVersion),
  },
  {
    id: 'sidecars',
    title: 'Have a sidecar put into every new pod',
    why: 'In a namespace with this label, istiod adds a container to each pod when it is created: the proxy istio-proxy, which carries out the rules. Pods that are there already stay as they are.',
    already: [namespaceLabelled],
    fresh: { unless: namespaceNotOptedOut, run: [sh`kubectl label namespace default istio-injection-`] },
    run: [sh`kubectl label namespace default istio-injection=enabled`],
    show: [sh`kubectl get namespace default --show-labels`],
    proof: holds(namespaceLabelled),
  },
  {
    id: 'way-in',
    title: 'Let the gateway listen on the port of the node',
    why: 'With hostNetwork the gateway uses the network of its node. The node is the container whose port kind has mapped, so this machine, the node and the gateway now share one port.',
    stuck: [freePorts],
    already: [gatewayOnHostNetwork],
    run: [
      sh`kubectl patch deploy -n istio-system istio-ingressgateway -p '{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}}}}'`,
    ],
    ready: [oneGatewayPodOnHostNetwork],
    // The old pod drains for five seconds; the application can be deployed beside that.
    meanwhile: [gatewaySteady],
    show: [sh`kubectl get pods -n istio-system`],
    proof: holds(oneGatewayPodOnHostNetwork),
    try: 'kubectl get crd   # the kinds of objects that Istio has added',
  },
])

export default install
await main(import.meta, [install])
