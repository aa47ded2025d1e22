/** Rules that a definition has for its resources. */
import { apply, type Group } from './group.ts'

const widget = (spec: string) => `
apiVersion: conform.example/v1
kind: Widget
metadata: {name: one}
spec: ${spec}`

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

export const definitions: readonly Group[] = [
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
]
