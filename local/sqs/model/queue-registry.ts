import type { LocalContext } from '../../context/local-context.ts';
import {
  invalidAddress,
  invalidParameter,
  invalidValue,
  queueDoesNotExist,
  queueNameExists,
} from '../errors.ts';
import type { QueueDirectory } from '../queue.ts';
import { EmulatedQueue, type QueueSurroundings } from './emulated-queue.ts';
import {
  defaultAttributes,
  isFifo,
  mergeAttributes,
  normaliseAttributes,
  type QueueAttributes,
} from './queue-attributes.ts';
import type { QueueStorage } from './queue-storage.ts';
import { allowsSource, parseRedrivePolicy } from './redrive-policy.ts';

/** All queues of the account and region. */
export class QueueRegistry implements QueueSurroundings, QueueDirectory {
  readonly context: LocalContext;
  readonly storage: QueueStorage;
  readonly subjectAttribute: string | undefined;
  readonly #queues = new Map<string, EmulatedQueue>();

  constructor(
    context: LocalContext,
    storage: QueueStorage,
    { subjectAttribute }: { subjectAttribute?: string | undefined },
  ) {
    this.context = context;
    this.storage = storage;
    this.subjectAttribute = subjectAttribute;
    for (const stored of storage.load()) {
      this.#queues.set(stored.queue.name, new EmulatedQueue(stored, this));
    }
  }

  /** By name. */
  all(): EmulatedQueue[] {
    return [...this.#queues.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  queueByName(name: string): EmulatedQueue | undefined {
    return this.#queues.get(name);
  }

  queueByArn(arn: string): EmulatedQueue | undefined {
    const queue = this.#queues.get(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** Looks at the URL's path alone: a client may reach the endpoint under another host or port. */
  queueByUrl(url: string): EmulatedQueue | undefined {
    if (!URL.canParse(url)) return undefined;
    return this.queueByPath(new URL(url).pathname);
  }

  /** @param path `/000000000000/name`, or the same with a slash behind it */
  queueByPath(path: string): EmulatedQueue | undefined {
    const [, accountId, name, ...rest] = path.replace(/\/$/, '').split('/');
    if (name === undefined || rest.length > 0) return undefined;
    return accountId === this.context.accountId ? this.#queues.get(name) : undefined;
  }

  /**
   * The queue that the parameter QueueUrl stands for: its URL, or its bare name.
   *
   * @throws AwsError QueueDoesNotExist, InvalidAddress
   */
  requireByUrl(url: string, forQueryProtocol: boolean): EmulatedQueue {
    const queue = this.#queues.get(url) ?? this.queueByUrl(url);
    if (!queue && !URL.canParse(url)) throw invalidAddress(url);
    if (!queue) throw queueDoesNotExist(forQueryProtocol);
    return queue;
  }

  /** The queues that use this one as their dead-letter queue. */
  sourcesOf(deadLetterArn: string): EmulatedQueue[] {
    return this.all().filter(
      ({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === deadLetterArn,
    );
  }

  /**
   * Creates the queue, or finds the one that has this name and these attributes.
   *
   * @throws AwsError
   */
  create(name: string, requested: QueueAttributes, tags: Record<string, string>): EmulatedQueue {
    const fifo = isFifo(requested);
    validateQueueName(name, fifo);
    const attributes = normaliseAttributes(requested, fifo);
    const existing = this.#queues.get(name);
    if (existing) {
      for (const [attribute, value] of Object.entries(attributes)) {
        if ((existing.record.attributes[attribute] ?? '') !== value) {
          throw queueNameExists(attribute);
        }
      }
      return existing;
    }
    const merged = mergeAttributes(defaultAttributes(fifo), attributes);
    this.#requireDeadLetterTarget(requested, { name, fifo });
    const now = this.context.clock.now();
    const record = { name, attributes: merged, tags, createdAt: now, modifiedAt: now };
    this.storage.putQueue(record);
    const queue = new EmulatedQueue({ queue: record, messages: [], deduplications: [] }, this);
    this.#queues.set(name, queue);
    return queue;
  }

  /** Creates the queue, or gives the existing one exactly these attributes. @throws AwsError */
  ensure(name: string, requested: QueueAttributes, tags: Record<string, string>): EmulatedQueue {
    const { FifoQueue: _, ...attributes } = requested;
    const fifo = isFifo(requested);
    const existing = this.#queues.get(name);
    if (!existing) return this.create(name, fifo ? requested : attributes, tags);
    validateQueueName(name, fifo);
    const normalised = normaliseAttributes(attributes, fifo);
    this.#requireDeadLetterTarget(requested, existing);
    existing.update({ attributes: mergeAttributes(defaultAttributes(fifo), normalised), tags });
    return existing;
  }

  /** @throws AwsError */
  setAttributes(queue: EmulatedQueue, requested: QueueAttributes): void {
    const changes = normaliseAttributes(requested, queue.fifo);
    this.#requireDeadLetterTarget(requested, queue);
    queue.update({ attributes: mergeAttributes(queue.record.attributes, changes) });
  }

  delete(queue: EmulatedQueue): void {
    this.#queues.delete(queue.name);
    queue.destroy();
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }

  #requireDeadLetterTarget(
    { RedrivePolicy: text }: QueueAttributes,
    source: { name: string; fifo: boolean },
  ): void {
    if (text === undefined || text === '') return;
    const { deadLetterTargetArn } = parseRedrivePolicy(text);
    const target = this.queueByArn(deadLetterTargetArn);
    if (!target) throw invalidValue(text, 'RedrivePolicy', 'Dead letter target does not exist.');
    if (target.fifo !== source.fifo) {
      throw invalidValue(
        text,
        'RedrivePolicy',
        'Dead-letter queue must be same type of queue as the source.',
      );
    }
    const { region, accountId } = this.context;
    const sourceArn = `arn:aws:sqs:${region}:${accountId}:${source.name}`;
    if (!allowsSource(target.settings.redriveAllowPolicy, sourceArn)) {
      throw invalidValue(
        text,
        'RedrivePolicy',
        'The redrive allow policy of the dead-letter target does not permit this source queue.',
      );
    }
  }
}

const STANDARD_NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/;

/**
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
export function validateQueueName(name: string, fifo: boolean): void {
  if (fifo && !FIFO_NAME.test(name)) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!fifo && !STANDARD_NAME.test(name)) {
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
}
