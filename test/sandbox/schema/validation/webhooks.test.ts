/** The causes are those that a real server named (Kubernetes 1.29.2, dry run). */
import * as assert from 'uvu/assert'
import { checkWebhooks } from '../../../../lib/sandbox/schema/validation/webhooks.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('webhook configurations')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }
const webhook = {
  name: 'a.b.c',
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  clientConfig: { url: 'https://x.y' },
  rules: [rule],
}

function causes(...webhooks: Part[]): string[] {
  const configuration = { apiVersion: 'v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'a' }, webhooks }
  return checkWebhooks(configuration).map(({ field, message }) => `${field}: ${message}`)
}

const cases: [title: string, webhooks: Part[], causes: string[]][] = [
  ['a whole one is taken', [webhook], []],
  ['rules may be absent', [{ ...webhook, rules: undefined }], []],
  [
    'one that says nothing lacks all that is required',
    [{}],
    [
      'webhooks[0].name: Required value',
      'webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun',
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
      'webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1',
    ],
  ],
  [
    'a rule names operations, groups, versions and resources',
    [{ ...webhook, rules: [{}] }],
    [
      'webhooks[0].rules[0].operations: Required value',
      'webhooks[0].rules[0].apiGroups: Required value',
      'webhooks[0].rules[0].apiVersions: Required value',
      'webhooks[0].rules[0].resources: Required value',
    ],
  ],
  [
    'a star stands alone',
    [
      {
        ...webhook,
        sideEffects: 'Some',
        admissionReviewVersions: ['v1', 'v1', 'V_'],
        clientConfig: { url: 'http://x.y', service: { name: 'a', namespace: 'b' } },
        rules: [
          {
            operations: ['CREATE', 'NOPE', '*'],
            apiGroups: ['', '*'],
            apiVersions: ['', '*'],
            resources: ['pods', '*', '*/*', 'pods/*', ''],
          },
        ],
      },
    ],
    [
      `webhooks[0].rules[0].operations: Invalid value: []admissionregistration.OperationType{"CREATE", "NOPE", "*"}: if '*' is present, must not specify other operations`,
      'webhooks[0].rules[0].operations[1]: Unsupported value: "NOPE": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
      `webhooks[0].rules[0].apiGroups: Invalid value: []string{"", "*"}: if '*' is present, must not specify other API groups`,
      `webhooks[0].rules[0].apiVersions: Invalid value: []string{"", "*"}: if '*' is present, must not specify other API versions`,
      'webhooks[0].rules[0].apiVersions[0]: Required value',
      `webhooks[0].rules[0].resources[3]: Invalid value: "pods/*": if '*/*' is present, must not specify pods/*`,
      'webhooks[0].rules[0].resources[4]: Required value',
      `webhooks[0].rules[0].resources: Invalid value: []string{"pods", "*", "*/*", "pods/*", ""}: if '*/*' is present, must not specify other resources`,
      `webhooks[0].rules[0].resources: Invalid value: []string{"pods", "*", "*/*", "pods/*", ""}: if '*' is present, must not specify other resources without subresources`,
      'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
      'webhooks[0].admissionReviewVersions[1]: Invalid value: "v1": duplicate version',
      `webhooks[0].admissionReviewVersions[2]: Invalid value: "V_": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ],
  [
    'choices are among those that are known',
    [
      {
        name: 'a',
        sideEffects: 'NoneOnDryRun',
        admissionReviewVersions: ['v2'],
        failurePolicy: 'Nope',
        matchPolicy: 'Nope',
        reinvocationPolicy: 'Nope',
        timeoutSeconds: 40,
        clientConfig: {},
        rules: [{ ...rule, scope: 'Nope' }],
      },
    ],
    [
      'webhooks[0].name: Invalid value: "a": should be a domain with at least three segments separated by dots',
      'webhooks[0].rules[0].scope: Unsupported value: "Nope": supported values: "*", "Cluster", "Namespaced"',
      'webhooks[0].failurePolicy: Unsupported value: "Nope": supported values: "Fail", "Ignore"',
      'webhooks[0].matchPolicy: Unsupported value: "Nope": supported values: "Equivalent", "Exact"',
      'webhooks[0].timeoutSeconds: Invalid value: 40: the timeout value must be between 1 and 30 seconds',
      'webhooks[0].reinvocationPolicy: Unsupported value: "Nope": supported values: "IfNeeded", "Never"',
      'webhooks[0].clientConfig: Required value: exactly one of url or service is required',
      'webhooks[0].admissionReviewVersions: Invalid value: []string{"v2"}: must include at least one of v1, v1beta1',
    ],
  ],
  [
    'a service has a name, a namespace, a port and a path; a name stands once',
    [
      webhook,
      {
        ...webhook,
        admissionReviewVersions: [],
        clientConfig: { service: { name: '', namespace: '', path: 'x', port: 0 } },
      },
    ],
    [
      'webhooks[1].clientConfig.service.name: Required value: service name is required',
      'webhooks[1].clientConfig.service.namespace: Required value: service namespace is required',
      'webhooks[1].clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive',
      `webhooks[1].clientConfig.service.path: Invalid value: "x": must start with a '/'`,
      'webhooks[1].clientConfig.service.path: Invalid value: "x": segment[0] may not be empty',
      'webhooks[1].admissionReviewVersions: Required value: must specify one of v1, v1beta1',
      'webhooks[1].name: Duplicate value: "a.b.c"',
    ],
  ],
  [
    'a URL is of https, with a host and a path alone',
    [
      { ...webhook, clientConfig: { url: 'https://u:p@x.y/a?b=c#d' } },
      { ...webhook, name: 'a.b.d', clientConfig: { url: 'nope' } },
      { ...webhook, name: 'a.b.e', clientConfig: { url: 'https:///x' } },
    ],
    [
      'webhooks[0].clientConfig.url: Invalid value: "u:p": user information is not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "d": fragments are not permitted in the URL',
      'webhooks[0].clientConfig.url: Invalid value: "b=c": query parameters are not permitted in the URL',
      `webhooks[1].clientConfig.url: Invalid value: "": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      'webhooks[1].clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
      'webhooks[2].clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
    ],
  ],
  [
    'selectors are those of labels',
    [
      {
        ...webhook,
        namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'Nope' }] },
        objectSelector: { matchLabels: { 'a b': 'c' } },
      },
    ],
    [
      'webhooks[0].namespaceSelector.matchExpressions[0].operator: Invalid value: "Nope": not a valid selector operator',
      `webhooks[0].objectSelector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  ],
]
for (const [title, webhooks, expected] of cases) test(title, () => assert.equal(causes(...webhooks), expected))

test.run()
