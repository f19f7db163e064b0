import * as z from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const statementSchema = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([oneOrMore, z.boolean()])))
    .optional(),
});

const policySchema = z.looseObject({
  Statement: z.union([statementSchema, z.array(statementSchema)]),
});

type Statement = z.infer<typeof statementSchema>;

/** What a topic asks of a queue's policy. */
export interface AccessRequest {
  queueArn: string;
  topicArn: string;
  accountId: string;
}

/**
 * True when the queue's policy lets SNS send to it for this topic: a statement allows
 * sqs:SendMessage to sns.amazonaws.com, its conditions hold, and none denies it. Without a policy
 * nothing is allowed. Condition operators on strings, ARNs and booleans are known; a statement with
 * another never applies.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
 */
export function allowsTopic(policy: string | undefined, request: AccessRequest): boolean {
  if (policy === undefined || policy === '') return false;
  const { Statement } = policySchema.parse(JSON.parse(policy));
  const applying = (Array.isArray(Statement) ? Statement : [Statement]).filter((statement) =>
    applies(statement, request),
  );
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}

function applies(statement: Statement, request: AccessRequest): boolean {
  return (
    isPrincipal(statement.Principal) &&
    list(statement.Action).some((action) => matches(action.toLowerCase(), 'sqs:sendmessage')) &&
    list(statement.Resource ?? '*').some((resource) => matches(resource, request.queueArn)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, key, values, request)),
    )
  );
}

function isPrincipal(principal: Statement['Principal']): boolean {
  if (principal === undefined) return false;
  if (typeof principal === 'string') return principal === '*';
  return (
    list(principal['Service']).includes('sns.amazonaws.com') ||
    list(principal['AWS']).includes('*') ||
    list(principal['Service']).includes('*')
  );
}

function holds(
  operator: string,
  key: string,
  values: string | string[] | boolean,
  request: AccessRequest,
): boolean {
  const actual = contextValue(key, request);
  if (actual === undefined && operator.endsWith('IfExists')) return true;
  const wanted = typeof values === 'boolean' ? [String(values)] : list(values);
  const some = (test: (pattern: string) => boolean): boolean =>
    actual !== undefined && wanted.some(test);
  switch (operator.replace(/IfExists$/, '')) {
    case 'ArnEquals':
    case 'ArnLike':
    case 'StringLike':
      return some((pattern) => matches(pattern, actual ?? ''));
    case 'ArnNotEquals':
    case 'ArnNotLike':
    case 'StringNotLike':
      return !some((pattern) => matches(pattern, actual ?? ''));
    case 'StringEquals':
    case 'Bool':
      return some((value) => value === actual);
    case 'StringNotEquals':
      return !some((value) => value === actual);
    default:
      return false;
  }
}

/** SNS reaches queues over TLS on behalf of the topic. */
function contextValue(key: string, { topicArn, accountId }: AccessRequest): string | undefined {
  switch (key.toLowerCase()) {
    case 'aws:sourcearn':
      return topicArn;
    case 'aws:sourceaccount':
      return accountId;
    case 'aws:securetransport':
    case 'aws:viaawsservice':
    case 'aws:principalisawsservice':
      return 'true';
    default:
      return undefined;
  }
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [value].flat();

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}
