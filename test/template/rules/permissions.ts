import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import {
  anyValue,
  eventSourcesOf,
  functionsOf,
  policyDocument,
  referencesIn,
  resourcesOf,
  subscriptionsOf,
  targetOf,
  topicsOf,
  type Statement,
} from '../model.ts';

const roleSchema = z.object({
  RoleName: z.string().optional(),
  AssumeRolePolicyDocument: policyDocument,
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: policyDocument })),
  ManagedPolicyArns: z.array(anyValue).default([]),
});
const policySchema = z.object({ PolicyDocument: policyDocument });
const keySchema = z.object({ KeyPolicy: policyDocument });

interface Role {
  id: string;
  statements: Statement[];
}

const rolesOf = (template: Template): Role[] =>
  resourcesOf(template, 'AWS::IAM::Role', roleSchema).map(({ id, properties }) => ({
    id,
    statements: properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
  }));

/** Where AWS has no narrower way to say it; the reason stands beside the statement. */
const WILDCARDS_WITH_A_REASON = [
  'MessagingKey AccountAdministration action kms:*',
  'MessagingKey AccountAdministration resource *',
  'MessagingKey DeliveryByTopicsOfThisService resource *',
  'MessagingKey AlertsOfThisAccount resource *',
  'TracingPolicy Tracing resource *',
];

/** Nothing is allowed by a wildcard, nor to everyone, except what `allowed` lists. */
export function wildcards(template: Template, allowed = WILDCARDS_WITH_A_REASON): string[] {
  const policies = [
    ...rolesOf(template),
    ...resourcesOf(template, 'AWS::IAM::Policy', policySchema).map(({ id, properties }) => ({
      id,
      statements: properties.PolicyDocument.Statement,
    })),
    ...resourcesOf(template, 'AWS::KMS::Key', keySchema).map(({ id, properties }) => ({
      id,
      statements: properties.KeyPolicy.Statement,
    })),
  ];
  return policies
    .flatMap(({ id, statements }) =>
      statements
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap((statement) =>
          wildcardsOf(statement).map((found) => `${id} ${statement.Sid ?? ''} ${found}`),
        ),
    )
    .filter((found) => !allowed.includes(found));
}

const wildcardsOf = ({ Action, Resource, Principal }: Statement): string[] => [
  ...Action.filter((action) => action.includes('*')).map((action) => `action ${action}`),
  ...Resource.filter((resource) => JSON.stringify(resource).includes('*')).map(
    (resource) => `resource ${typeof resource === 'string' ? resource : JSON.stringify(resource)}`,
  ),
  ...(JSON.stringify(Principal ?? '').includes('*') ? ['principal *'] : []),
];

/** Every role can be assumed by Lambda for this account alone and has no policy from elsewhere. */
export function lambdaRoles(template: Template): string[] {
  return resourcesOf(template, 'AWS::IAM::Role', roleSchema).flatMap(({ id, properties }) => {
    const trusted = properties.AssumeRolePolicyDocument.Statement.map(({ Principal }) =>
      JSON.stringify(Principal),
    );
    const findings: string[] = [];
    if (trusted.join() !== '{"Service":"lambda.amazonaws.com"}') {
      findings.push(`${id}: can be assumed by ${trusted.join()}`);
    }
    const [{ Condition } = {}] = properties.AssumeRolePolicyDocument.Statement;
    const account = Condition?.['StringEquals']?.['aws:SourceAccount'];
    if (referencesIn(account).join() !== 'AWS::AccountId') {
      findings.push(`${id}: can be assumed for another account`);
    }
    if (properties.ManagedPolicyArns.length > 0) findings.push(`${id}: has managed policies`);
    return findings;
  });
}

/** IAM's limit, and the longest stage and region that a name is meant to hold. */
const NAME_LENGTH = 64;
const LONGEST_STAGE = 10;
const LONGEST_REGION = 'ap-southeast-1'.length;

/**
 * A role is named for its function and the region, within what IAM takes for every stage of up to ten
 * characters. `sls deploy function` finds a role by its name only.
 */
export function roleNames(template: Template, stage: string, region: string): string[] {
  const roles = resourcesOf(template, 'AWS::IAM::Role', roleSchema);
  return functionsOf(template).flatMap(({ properties }) => {
    const role = roles.find((each) => each.id === targetOf(properties.Role));
    const { RoleName: name } = role?.properties ?? {};
    const expected = `${properties.FunctionName}-${region}`;
    if (name !== expected) return [`${role?.id}: is named ${name}, not ${expected}`];
    const longest = name.length - stage.length + LONGEST_STAGE - region.length + LONGEST_REGION;
    return longest <= NAME_LENGTH ? [] : [`${role?.id}: its name may have ${longest} characters`];
  });
}

/** What each service does with the key on behalf of the caller. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['kms:Decrypt', 'kms:DescribeKey'],
  sns: ['kms:Decrypt', 'kms:GenerateDataKey'],
  sqs: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

/** No role may do more with the key than the service needs, and only senders may have data keys made. */
export function keyActions(template: Template): string[] {
  return rolesOf(template).flatMap(({ id, statements }) =>
    statements
      .filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))
      .flatMap(({ Action, Condition }) => {
        const [service = ''] =
          /(?<=")[a-z]+(?=\.)/.exec(JSON.stringify(Condition?.['StringEquals'] ?? '')) ?? [];
        const sends = statements.some((each) =>
          each.Action.some((action) => action === 'sqs:SendMessage' || action === 'sns:Publish'),
        );
        return Action.filter(
          (action) =>
            !KEY_ACTIONS[service]?.includes(action) || (action === 'kms:GenerateDataKey' && !sends),
        ).map((action) => `${id}: does not need ${action} for ${service}`);
      }),
  );
}

/** The key is usable only through the service that stores the data. */
export function keyUse(template: Template): string[] {
  return rolesOf(template).flatMap(({ id, statements }) =>
    statements
      .filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))
      .filter(({ Condition }) => !Condition?.['StringEquals']?.['kms:ViaService'])
      .map(({ Action }) => `${id}: may call ${Action.join()} itself`),
  );
}

const invokeConfiguration = z.object({ FunctionName: anyValue, DestinationConfig: anyValue });

/**
 * A function's role reaches exactly what the function is told of: the resources in its environment,
 * the queue that it reads, its failure destination, its log group, and the key.
 */
export function reach(template: Template): string[] {
  const roles = rolesOf(template);
  return functionsOf(template).flatMap(({ id, properties }) => {
    const role = roles.find((each) => each.id === targetOf(properties.Role));
    if (!role) return [`${id}: has no role`];
    const told = new Set([
      ...referencesIn(properties.Environment.Variables).filter((name) => template.Resources[name]),
      ...eventSourcesOf(template)
        .filter((source) => targetOf(source.properties.FunctionName) === id)
        .flatMap((source) => referencesIn(source.properties.EventSourceArn)),
      ...resourcesOf(template, 'AWS::Lambda::EventInvokeConfig', invokeConfiguration)
        .filter((each) => targetOf(each.properties.FunctionName) === id)
        .flatMap((each) => referencesIn(each.properties.DestinationConfig)),
    ]);
    const reached = new Set(
      role.statements
        .flatMap(({ Resource }) => referencesIn(Resource))
        .filter((name) => !isImplied(template, name)),
    );
    return [
      ...[...told.difference(reached)].map((name) => `${id}: may not use ${name}`),
      ...[...reached.difference(told)].map((name) => `${id}: may use ${name} but does not know it`),
    ];
  });
}

function isImplied(template: Template, name: string): boolean {
  const type = template.Resources[name]?.Type;
  return !type || type === 'AWS::KMS::Key' || type === 'AWS::Logs::LogGroup';
}

const CONSUMER_ACTIONS = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
];

/**
 * What Lambda needs in order to read an encrypted queue for a function, and the function in order to
 * keep messages apart from a suspect.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function consumers(template: Template): string[] {
  const roles = rolesOf(template);
  const functions = functionsOf(template);
  return eventSourcesOf(template).flatMap(({ id, properties: source }) => {
    const consumer = functions.find((each) => each.id === targetOf(source.FunctionName));
    const role = roles.find((each) => each.id === targetOf(consumer?.properties.Role));
    const onQueue = (role?.statements ?? [])
      .filter(({ Resource }) =>
        Resource.some((each) => targetOf(each) === targetOf(source.EventSourceArn)),
      )
      .flatMap(({ Action }) => Action);
    const decrypts = role?.statements.some(
      ({ Action, Condition }) =>
        Action.includes('kms:Decrypt') && JSON.stringify(Condition).includes('sqs.'),
    );
    return [
      ...CONSUMER_ACTIONS.filter((action) => !onQueue.includes(action)).map(
        (action) => `${id}: ${role?.id} lacks ${action}`,
      ),
      ...(decrypts ? [] : [`${id}: ${role?.id} can't decrypt what it reads`]),
    ];
  });
}

/**
 * SNS may use the key for the topics of the template that deliver to queues, and for no other of the
 * account.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
 */
export function keyOfTopics(template: Template): string[] {
  const delivering = subscriptionsOf(template)
    .filter(({ properties }) => properties.Protocol === 'sqs')
    .map(({ properties }) => targetOf(properties.TopicArn));
  const topics = topicsOf(template)
    .filter(({ id }) => delivering.includes(id))
    .map(({ properties }) => properties.TopicName);
  return resourcesOf(template, 'AWS::KMS::Key', keySchema).flatMap(({ id, properties }) => {
    const admitted = properties.KeyPolicy.Statement.filter(
      ({ Effect, Principal }) =>
        Effect === 'Allow' && JSON.stringify(Principal) === '{"Service":"sns.amazonaws.com"}',
    ).flatMap(({ Condition }) => [Condition?.['ArnEquals']?.['aws:SourceArn'] ?? 'any'].flat());
    const names = admitted.map((arn) => JSON.stringify(arn).replaceAll(/^.*:|^"|"\}?$/g, ''));
    return names.toSorted().join() === topics.toSorted().join()
      ? []
      : [`${id}: SNS may use it for [${names.join()}], the topics are [${topics.join()}]`];
  });
}
