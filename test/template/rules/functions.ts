import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { anyValue, functionsOf, referencesIn, resourcesOf, targetOf } from '../model.ts';

/** Each function has a role that no other function has. */
export function ownRoles(template: Template): string[] {
  const functions = functionsOf(template).map(({ id, properties }) => ({
    id,
    role: targetOf(properties.Role),
  }));
  return functions.flatMap(({ id, role }) => {
    if (!role || template.Resources[role]?.Type !== 'AWS::IAM::Role') {
      return [`${id}: has no role of the template`];
    }
    const sharing = functions.filter((other) => other.id !== id && other.role === role);
    return sharing.map((other) => `${id}: shares ${role} with ${other.id}`);
  });
}

const RUNTIME = 'nodejs24.x';

/** Names, runtimes and limits that Lambda refuses, or that the rest of the system relies on. */
export function functionSettings(template: Template): string[] {
  return functionsOf(template).flatMap(({ id, properties: each }) => {
    const findings: string[] = [];
    if (each.FunctionName.length > 64) findings.push(`${id}: its name is over 64 characters`);
    if (each.Runtime !== RUNTIME) findings.push(`${id}: does not run on ${RUNTIME}`);
    if (each.Timeout > 900) findings.push(`${id}: a timeout over 15 minutes`);
    if (!/^dist\/functions\/[a-z]+\/[a-z-]+\.handler$/.test(each.Handler)) {
      findings.push(`${id}: ${each.Handler} is not dist/functions/<service>/<file>.handler`);
    }
    return findings;
  });
}

const ADDRESS = /^(arn:|https?:\/\/)/;

/** An address in a variable comes from a resource of the template and is never written out. */
export function environmentAddresses(template: Template): string[] {
  return functionsOf(template).flatMap(({ id, properties }) =>
    Object.entries(properties.Environment.Variables).flatMap(([name, value]) => {
      const isAddress = /_(TABLE|QUEUE_URL|TOPIC_ARN)$/.test(name);
      if (typeof value === 'string' && (isAddress || ADDRESS.test(value))) {
        return [`${id}: ${name} is written out`];
      }
      return isAddress && !template.Resources[targetOf(value) ?? '']
        ? [`${id}: ${name} refers to nothing`]
        : [];
    }),
  );
}

const invokeConfiguration = z.object({
  FunctionName: anyValue,
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: anyValue }).optional() })
    .optional(),
});
const permission = z.object({ FunctionName: anyValue, Principal: z.string() });

/** Services that invoke a function and do not wait for its answer. */
const ASYNCHRONOUS = ['sns.amazonaws.com', 's3.amazonaws.com', 'events.amazonaws.com'];

/** A function that is invoked asynchronously sends the events that it failed at to a queue. */
export function failureDestinations(template: Template): string[] {
  const asynchronous = resourcesOf(template, 'AWS::Lambda::Permission', permission)
    .filter(({ properties }) => ASYNCHRONOUS.includes(properties.Principal))
    .flatMap(({ properties }) => targetOf(properties.FunctionName) ?? []);
  const covered = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig', invokeConfiguration)
    .filter(({ properties }) => {
      const target = targetOf(properties.DestinationConfig?.OnFailure?.Destination);
      return template.Resources[target ?? '']?.Type === 'AWS::SQS::Queue';
    })
    .flatMap(({ properties }) => targetOf(properties.FunctionName) ?? []);
  return asynchronous
    .filter((id) => !covered.includes(id))
    .map((id) => `${id}: loses the events that it fails at`);
}

/**
 * Lambda filters no log. With a level of its own (which the format JSON always has) the functions' logger
 * obeys that one, and above INFO the metrics are dropped with the log lines.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function filteredLogs(template: Template): string[] {
  return functionsOf(template)
    .filter(({ properties: { LoggingConfig: config } }) => {
      return config?.LogFormat === 'JSON' || config?.ApplicationLogLevel !== undefined;
    })
    .map(({ id }) => `${id}: Lambda filters its logs, and its metrics with them`);
}

const logGroup = z.object({ LogGroupName: z.string(), RetentionInDays: z.number().optional() });

/** Every function writes to a log group of the template, and none keeps its logs for ever. */
export function logRetention(template: Template): string[] {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup', logGroup);
  const names = groups.map(({ properties }) => properties.LogGroupName);
  return [
    ...groups
      .filter(({ properties }) => properties.RetentionInDays === undefined)
      .map(({ id }) => `${id}: keeps logs for ever`),
    ...functionsOf(template)
      .filter(({ properties }) => !names.includes(`/aws/lambda/${properties.FunctionName}`))
      .map(({ id }) => `${id}: has no log group`),
  ];
}

/** Everything that anything in the template refers to is in the template. */
export function danglingReferences(template: Template): string[] {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
  const isKnown = (name: string) => known.has(name) || name.startsWith('AWS::');
  return [
    ...Object.entries(template.Resources).flatMap(([id, { Properties, DependsOn }]) =>
      [...referencesIn(Properties), ...[DependsOn ?? []].flat()].map((name) => ({ id, name })),
    ),
    ...Object.entries(template.Outputs).flatMap(([id, { Value }]) =>
      referencesIn(Value).map((name) => ({ id, name })),
    ),
  ]
    .filter(({ name }) => !isKnown(name))
    .map(({ id, name }) => `${id}: refers to ${name}, which does not exist`);
}
