import { isTemplateObject, referencesOf } from 'template-runtime/template';
import type { Template, TemplateResource, TemplateValue } from 'template-runtime/template';

/** How often something is tried, and where it ends when no attempt succeeds. */
export interface FailurePath {
  /** The queue that is read, or the topic that invokes the function itself. */
  readonly source: string;
  /** Reads the source; nothing where it is left to others. */
  readonly consumer?: string;
  readonly attempts: number;
  /** How long a failed message stays invisible; Lambda waits by its own rules after a topic's event. */
  readonly pauseSeconds?: number;
  readonly deadLetterQueue: string;
  readonly keptDays: number;
  readonly alarm: boolean;
  /** Whether SQS moves the messages back by itself when asked. */
  readonly redrive: boolean;
}

/** What the template says about messages that cannot be processed, source by source. */
export function failurePaths(template: Template): readonly FailurePath[] {
  const resources = Object.entries(template.Resources);
  return [
    ...resources.flatMap(([id, resource]) =>
      resource.Type === 'AWS::SQS::Queue' ? queuePath(template, id, resource) : [],
    ),
    ...resources.flatMap(([, resource]) =>
      resource.Type === 'AWS::Lambda::EventInvokeConfig' ? eventPath(template, resource) : [],
    ),
  ];
}

function queuePath(
  template: Template,
  id: string,
  { Properties }: TemplateResource,
): FailurePath[] {
  const redrive = Properties['RedrivePolicy'];
  if (!isTemplateObject(redrive)) return [];
  const deadLetterQueue = target(redrive['deadLetterTargetArn']);
  if (deadLetterQueue === undefined) return [];
  const mapping = Object.values(template.Resources).find(
    ({ Type, Properties: { EventSourceArn } }) =>
      Type === 'AWS::Lambda::EventSourceMapping' && target(EventSourceArn) === id,
  );
  const consumer = nameOfFunction(template, target(mapping?.Properties['FunctionName']));
  return [
    {
      source: id,
      ...(consumer === undefined ? {} : { consumer }),
      attempts: Number(redrive['maxReceiveCount']),
      pauseSeconds: Number(Properties['VisibilityTimeout'] ?? 30),
      ...deadLetters(template, deadLetterQueue),
    },
  ];
}

function eventPath(template: Template, { Properties }: TemplateResource): FailurePath[] {
  const functionId = target(Properties['FunctionName']);
  const consumer = nameOfFunction(template, functionId);
  const deadLetterQueue = target(Properties['DestinationConfig']);
  if (consumer === undefined || deadLetterQueue === undefined) return [];
  const subscription = Object.values(template.Resources).find(
    ({ Type, Properties: { Endpoint } }) =>
      Type === 'AWS::SNS::Subscription' && target(Endpoint) === functionId,
  );
  return [
    {
      source: target(subscription?.Properties['TopicArn']) ?? 'event',
      consumer,
      attempts: 1 + Number(Properties['MaximumRetryAttempts'] ?? 2),
      ...deadLetters(template, deadLetterQueue),
    },
  ];
}

function deadLetters(
  template: Template,
  deadLetterQueue: string,
): Pick<FailurePath, 'deadLetterQueue' | 'keptDays' | 'alarm' | 'redrive'> {
  const properties = template.Resources[deadLetterQueue]?.Properties ?? {};
  const allowed = properties['RedriveAllowPolicy'];
  return {
    deadLetterQueue,
    keptDays: Number(properties['MessageRetentionPeriod'] ?? 345_600) / 86_400,
    alarm: Object.values(template.Resources).some(
      ({ Type, Properties }) =>
        Type === 'AWS::CloudWatch::Alarm' && target(Properties['Dimensions']) === deadLetterQueue,
    ),
    redrive: !isTemplateObject(allowed) || allowed['redrivePermission'] !== 'denyAll',
  };
}

function nameOfFunction(template: Template, id: string | undefined): string | undefined {
  const name = id === undefined ? undefined : template.Resources[id]?.Properties['FunctionName'];
  return typeof name === 'string' ? name.split('-').at(-1) : undefined;
}

const target = (value: TemplateValue | undefined): string | undefined =>
  referencesOf(value ?? null, '', () => true)[0]?.name;
