import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { queuesOf, resourcesOf, topicsOf } from '../model.ts';

/** What holds messages or data, by logical id: its name without the stage, and whether it is FIFO. */
export const releasedResources = z.record(
  z.string(),
  z.strictObject({ type: z.string(), name: z.string(), fifo: z.boolean() }),
);
export type ReleasedResources = z.infer<typeof releasedResources>;

const tableSchema = z.object({ TableName: z.string() });

/** The queues, topics and tables of the template in the form of the record. */
export function resourcesToRecord(template: Template): ReleasedResources {
  const found = [
    ...queuesOf(template).map(({ id, resource, properties }) => ({
      id,
      type: resource.Type,
      name: properties.QueueName,
      fifo: properties.FifoQueue,
    })),
    ...topicsOf(template).map(({ id, resource, properties }) => ({
      id,
      type: resource.Type,
      name: properties.TopicName,
      fifo: properties.FifoTopic,
    })),
    ...resourcesOf(template, 'AWS::DynamoDB::Table', tableSchema).map(
      ({ id, resource, properties }) => ({
        id,
        type: resource.Type,
        name: properties.TableName,
        fifo: false,
      }),
    ),
  ];
  return Object.fromEntries(
    found.map(({ id, type, name, fifo }) => [
      id,
      { type, name: name.split('-').at(-1) ?? name, fifo },
    ]),
  );
}

/**
 * CloudFormation replaces a queue, topic or table whose logical id, name or type changes, and what
 * lies in the old one is lost. So what the last release had stays as it was.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
export function lostResources(template: Template, released: ReleasedResources): string[] {
  const current = resourcesToRecord(template);
  return Object.entries(released).flatMap(([id, { type, name, fifo }]) => {
    const now = current[id];
    if (!now) return [`${id}: was released and is gone`];
    return now.type === type && now.name === name && now.fifo === fifo
      ? []
      : [`${id}: was released as ${name}, would be replaced by ${now.name}`];
  });
}

/** What the record does not know yet belongs into it before it is released. */
export function unrecordedResources(template: Template, released: ReleasedResources): string[] {
  return Object.keys(resourcesToRecord(template))
    .filter((id) => !released[id])
    .map((id) => `${id}: is not in the record of what was released`);
}
