import * as z from 'zod';
import type { Collection, Storage } from '../storage/storage.ts';
import type { StackServices } from './stack-services.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateObject } from './template-value.ts';

const recordedResource = z.object({
  type: z.string(),
  physicalId: z.string(),
  deletionPolicy: z.string().optional(),
  /** JSON text of each property, resolved. */
  properties: z.record(z.string(), z.string()),
});
type RecordedResource = z.infer<typeof recordedResource>;

/** What became of one resource since the run before. */
export interface StackChange {
  logicalId: string;
  type: string;
  /** `new`, `changed VisibilityTimeout`, `deleted`, `kept (DeletionPolicy Retain)`. */
  change: string;
}

/**
 * What cannot change without a new resource in place of the old one, whose content would be lost.
 * The indexes of a table are among it here, though not on AWS: the emulator makes them with it.
 */
const FIXED_PROPERTIES: Record<string, readonly string[]> = {
  'AWS::DynamoDB::Table': [
    'TableName',
    'KeySchema',
    'LocalSecondaryIndexes',
    'GlobalSecondaryIndexes',
  ],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** Its package is made anew every time: that is no change of the template. */
const UNREMARKABLE = new Set(['AWS::Lambda::Function Code']);

/**
 * What the data folder holds of a stack, from one run to the next: what has gone from the template
 * is deleted, and what would have to be replaced is refused.
 */
export class StackRecord {
  readonly #stored: Collection<RecordedResource>;
  readonly #earlier: Map<string, RecordedResource>;
  readonly #endpoint: string;
  readonly #present = new Map<string, RecordedResource>();
  readonly #changes: StackChange[] = [];

  constructor(storage: Storage, { stack, endpoint }: Pick<StackServices, 'stack' | 'endpoint'>) {
    const name = `stack/${stack.region}/${stack.stackName}`;
    this.#stored = storage.collection(name, (json) => recordedResource.parse(json));
    this.#earlier = new Map(this.#stored.load().map(({ key, value }) => [key, value]));
    this.#endpoint = endpoint;
  }

  /** Since the run before; empty when there was none. */
  get changes(): readonly StackChange[] {
    return this.#changes;
  }

  /** @throws TemplateError for a change that would lose what the resource holds */
  requireUpdatable(logicalId: string, type: string, properties: TemplateObject): void {
    const earlier = this.#earlier.get(logicalId);
    if (!earlier) return;
    if (earlier.type !== type && Object.hasOwn(FIXED_PROPERTIES, earlier.type)) {
      throw replacementRefused(`Resources.${logicalId}.Type`, earlier.type, type);
    }
    const now = this.#texts(properties);
    for (const name of FIXED_PROPERTIES[type] ?? []) {
      const [before = 'nothing', after = 'nothing'] = [earlier.properties[name], now[name]];
      if (before !== after) {
        throw replacementRefused(`Resources.${logicalId}.Properties.${name}`, before, after);
      }
    }
  }

  /** Notes a resource that exists now. */
  keep(
    logicalId: string,
    resource: { type: string; physicalId: string; deletionPolicy: string | undefined },
    properties: TemplateObject,
  ): void {
    const record = {
      ...resource,
      physicalId: this.#withoutEndpoint(resource.physicalId),
      properties: this.#texts(properties),
    };
    this.#present.set(logicalId, record);
    this.#stored.put(logicalId, record);
    if (this.#earlier.size > 0) this.#note(logicalId, record);
  }

  /** Deletes what the template has no more, the last made first. */
  async deleteRemoved(services: StackServices): Promise<void> {
    const inUse = new Set([...this.#present.values()].map(identityOf));
    for (const [logicalId, earlier] of [...this.#earlier].toReversed()) {
      const present = this.#present.get(logicalId);
      if (present && identityOf(present) === identityOf(earlier)) continue;
      if (inUse.has(identityOf(earlier))) continue;
      const change = await this.#remove(earlier, services);
      if (!present) {
        this.#stored.delete(logicalId);
        this.#changes.push({ logicalId, type: earlier.type, change });
      }
    }
  }

  async #remove(earlier: RecordedResource, services: StackServices): Promise<string> {
    if (earlier.deletionPolicy?.startsWith('Retain')) {
      return `kept (DeletionPolicy ${earlier.deletionPolicy})`;
    }
    const physicalId = earlier.physicalId.replace(ENDPOINT, this.#endpoint);
    switch (earlier.type) {
      case 'AWS::SQS::Queue':
        await services.queues.deleteQueue(physicalId);
        break;
      case 'AWS::SNS::Topic':
        await services.topics.deleteTopic(physicalId);
        break;
      case 'AWS::SNS::Subscription':
        await services.topics.unsubscribe(physicalId);
        break;
      case 'AWS::DynamoDB::Table':
        await services.tables.call('DeleteTable', { TableName: physicalId });
        break;
      case 'AWS::S3::Bucket':
        return 'kept with what is in it';
      default:
    }
    return 'deleted';
  }

  #note(logicalId: string, { type, properties }: RecordedResource): void {
    const earlier = this.#earlier.get(logicalId);
    if (!earlier) {
      this.#changes.push({ logicalId, type, change: 'new' });
      return;
    }
    const names = new Set([...Object.keys(earlier.properties), ...Object.keys(properties)]);
    const changed = [...names].filter(
      (name) =>
        earlier.properties[name] !== properties[name] && !UNREMARKABLE.has(`${type} ${name}`),
    );
    if (changed.length > 0) {
      this.#changes.push({ logicalId, type, change: `changed ${changed.join(', ')}` });
    }
  }

  #texts(properties: TemplateObject): Record<string, string> {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [
        name,
        this.#withoutEndpoint(JSON.stringify(value)),
      ]),
    );
  }

  /** The port may be another one in every run. */
  #withoutEndpoint(text: string): string {
    return text.replaceAll(this.#endpoint, ENDPOINT);
  }
}

const ENDPOINT = 'endpoint:';

const identityOf = ({ type, physicalId }: RecordedResource): string => `${type} ${physicalId}`;

const replacementRefused = (path: string, before: string, after: string): TemplateError =>
  new TemplateError(
    path,
    `changed from ${before} to ${after}, which would replace the resource and lose what the data folder holds of it; give the new one another logical id (the old one is then deleted, or kept by its DeletionPolicy) or start with another data folder`,
  );
