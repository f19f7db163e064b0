/** What `sls local` says when the system has come up. */
export interface StartFacts {
  service: string;
  stage: string;
  url: string;
  requestedPort: number;
  port: number;
  region: string;
  dataDir: string | undefined;
  resources: readonly { type: string }[];
  unsupported: readonly { logicalId: string; type: string; reason: string }[];
  /** Since the run before, with a data folder. */
  changes: readonly { logicalId: string; change: string }[];
  routes: readonly string[];
  /** How to stop it, and what it notices. */
  hint: string;
  startupMs: number;
}

export function startBanner(facts: StartFacts): string {
  return [
    '',
    `${facts.service} (${facts.stage}) runs at ${facts.url}  ·  ${summary(facts.resources)}  ·  up in ${(facts.startupMs / 1000).toFixed(1)} s`,
    ...portNotice(facts),
    facts.dataDir === undefined
      ? 'State is kept in memory and ends with this process (--data-dir keeps it).'
      : `State is kept in ${facts.dataDir}.`,
    ...facts.changes.map(({ logicalId, change }) => `  ${logicalId}: ${change}`),
    ...withoutEffect(facts.resources),
    ...notEmulated(facts.unsupported),
    '',
    ...httpApi(facts.routes),
    'AWS CLI and SDKs',
    `  export AWS_ENDPOINT_URL=${facts.url} AWS_REGION=${facts.region} AWS_DEFAULT_REGION=${facts.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
    // Version 1 of the CLI ignores AWS_ENDPOINT_URL where it talks to SQS, and AWS_REGION.
    `  aws --endpoint-url ${facts.url} sqs list-queues`,
    '',
    `Sent mails   ${facts.url}/_local/emails`,
    `Resources    ${facts.url}/_local/resources`,
    `Activities   ${facts.url}/_local/activity`,
    '',
    facts.hint,
    '',
  ].join('\n');
}

const httpApi = (routes: readonly string[]): string[] =>
  routes.length === 0 ? [] : ['HTTP API', ...routes.map((route) => `  ${route}`), ''];

function portNotice({ requestedPort, port }: StartFacts): string[] {
  return requestedPort === 0 || requestedPort === port
    ? []
    : [`Port ${requestedPort} is taken by another program: this run uses port ${port} instead.`];
}

/** `11 functions, 14 queues`: the kinds that the application itself is made of. */
function summary(resources: StartFacts['resources']): string {
  const count = (type: string): number =>
    resources.filter((resource) => resource.type === type).length;
  return [
    `${count('AWS::Lambda::Function')} functions`,
    `${count('AWS::SQS::Queue')} queues`,
    `${count('AWS::SNS::Topic')} topics`,
    `${count('AWS::DynamoDB::Table')} tables`,
  ].join(', ');
}

/** Kinds of resources that are taken and do nothing here, with what they would do on AWS. */
const WITHOUT_EFFECT = [
  ['AWS::IAM::Role', 'roles', 'nothing is refused for lack of a permission'],
  ['AWS::KMS::Key', 'keys', 'nothing is encrypted'],
  ['AWS::CloudWatch::Dashboard', 'dashboards', 'metrics are not collected'],
  ['AWS::Budgets::Budget', 'budgets', 'nothing costs anything'],
] as const;

function withoutEffect(resources: StartFacts['resources']): string[] {
  const kinds = WITHOUT_EFFECT.flatMap(([type, plural, why]) => {
    const count = resources.filter((resource) => resource.type === type).length;
    return count === 0 ? [] : [`  ${plural} (${count}): ${why}`];
  });
  return kinds.length === 0 ? [] : ['Without effect here:', ...kinds];
}

/** What of the template does not work here, by type and with the reason. */
function notEmulated(unsupported: StartFacts['unsupported']): string[] {
  if (unsupported.length === 0) return [];
  const byKind = Map.groupBy(unsupported, ({ type, reason }) => `${type}: ${reason}`);
  return [
    `Not emulated (${unsupported.length} resources):`,
    ...[...byKind].map(
      ([kind, members]) => `  ${kind} (${listed(members.map(({ logicalId }) => logicalId))})`,
    ),
  ];
}

const MOST_LISTED = 3;

const listed = (names: string[]): string =>
  names.length <= MOST_LISTED
    ? names.join(', ')
    : `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more`;
