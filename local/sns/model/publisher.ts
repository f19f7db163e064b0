import { createHash, randomUUID } from 'node:crypto';
import type { Caller } from '../../endpoint/caller.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { parseJson } from '../../json/parse-json.ts';
import type { DeliveryLanes } from '../delivery/delivery-lanes.ts';
import type { Protocols } from '../delivery/protocols.ts';
import { type Deduplication, deduplicationKey } from './deduplication.ts';
import {
  bodyFor,
  checkLength,
  checkMessageInput,
  type MessageInput,
  type MessageTexts,
  type PublishedMessage,
} from './message.ts';
import type { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

export interface PublishResult {
  messageId: string;
  /** FIFO topics only: 20 digits that grow. */
  sequenceNumber?: string;
}

export interface PublisherParts {
  lanes: DeliveryLanes;
  protocols: Protocols;
  deduplication: Deduplication;
}

/** Accepts messages for topics and hands them to the subscriptions whose filters they pass. */
export class Publisher {
  readonly #context: LocalContext;
  readonly #lanes: DeliveryLanes;
  readonly #protocols: Protocols;
  readonly #deduplication: Deduplication;
  readonly #subjectAttribute: string | undefined;
  #lastSequence = 0;

  constructor(
    context: LocalContext,
    { lanes, protocols, deduplication }: PublisherParts,
    subjectAttribute: string | undefined,
  ) {
    this.#context = context;
    this.#lanes = lanes;
    this.#protocols = protocols;
    this.#deduplication = deduplication;
    this.#subjectAttribute = subjectAttribute;
  }

  /**
   * Resolves when each delivery is made, given up, or stored to be tried again.
   *
   * @throws AwsError InvalidParameter, ParameterValueInvalid
   */
  async publish(topic: Topic, input: MessageInput, caller: Caller): Promise<PublishResult> {
    const texts = checkMessageInput(topic.record, input);
    checkLength(topic.record, input);
    return this.publishChecked(topic, input, texts, caller);
  }

  /** Publishes what `checkMessageInput` has accepted. */
  async publishChecked(
    topic: Topic,
    input: MessageInput,
    texts: MessageTexts,
    caller: Caller,
  ): Promise<PublishResult> {
    const result = topic.record.fifo
      ? await this.#publishOnce(topic, input, texts, caller)
      : await this.#publishNew(topic, this.#message(topic, input, texts), caller);
    await this.#context.storage.flushed();
    return result;
  }

  async #publishNew(
    topic: Topic,
    message: PublishedMessage,
    caller: Caller,
  ): Promise<PublishResult> {
    this.#record(message, caller, false);
    await this.#fanOut(topic, message);
    return { messageId: message.messageId };
  }

  /** Repeats within the deduplication window are accepted and not delivered. */
  async #publishOnce(
    topic: Topic,
    input: MessageInput,
    texts: MessageTexts,
    caller: Caller,
  ): Promise<PublishResult> {
    const deduplicationId = input.messageDeduplicationId ?? sha256(input.message);
    const key = deduplicationKey(topic.record, input, deduplicationId);
    const earlier = this.#deduplication.find(key);
    if (earlier) {
      const { messageId, sequenceNumber } = earlier;
      this.#record({ ...this.#message(topic, input, texts), messageId }, caller, true);
      await earlier.delivered;
      return { messageId, sequenceNumber };
    }
    const sequenceNumber = this.#nextSequenceNumber();
    const message = {
      ...this.#message(topic, input, texts),
      deduplicationId,
      sequenceNumber,
    };
    this.#record(message, caller, false);
    const delivered = this.#fanOut(topic, message);
    const { messageId } = message;
    this.#deduplication.accept(key, { messageId, sequenceNumber, delivered });
    try {
      await delivered;
    } catch (error) {
      this.#deduplication.forget(key);
      throw error;
    }
    this.#deduplication.store(key);
    return { messageId, sequenceNumber };
  }

  async #fanOut(topic: Topic, message: PublishedMessage): Promise<void> {
    const deliveries: Promise<void>[] = [];
    const bodies = new Map<string, unknown>();
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.pending) continue;
      const text = bodyFor(message, subscription.record.protocol);
      const body = (): unknown => {
        if (!bodies.has(text)) bodies.set(text, parseJson(text));
        return bodies.get(text);
      };
      const { attributes } = message;
      if (subscription.filter && !subscription.filter.accepts({ attributes, body })) {
        this.#recordFilteredOut(message, subscription);
      } else {
        const { needsConfirmation } = this.#protocols.get(subscription.record.protocol);
        const options = { storeFirst: needsConfirmation };
        deliveries.push(this.#lanes.deliver(subscription.arn, message, options));
      }
    }
    await Promise.all(deliveries);
  }

  #message(topic: Topic, input: MessageInput, texts: MessageTexts): PublishedMessage {
    const { arn, name, fifo, attributes: topicAttributes } = topic.record;
    const { attributes = {}, subject: subjectLine, messageGroupId: groupId } = input;
    const about =
      (this.#subjectAttribute && attributes[this.#subjectAttribute]?.stringValue) ?? groupId;
    return {
      messageId: randomUUID(),
      topicArn: arn,
      topicName: name,
      ...texts,
      ...(subjectLine === undefined ? {} : { subjectLine }),
      attributes,
      publishedAt: this.#context.clock.now(),
      signatureVersion: topicAttributes['SignatureVersion'] === '2' ? '2' : '1',
      fifo,
      ...(groupId === undefined ? {} : { groupId }),
      ...(about === undefined ? {} : { subject: about }),
    };
  }

  /** Grows also across restarts, being ahead of the clock's microseconds. */
  #nextSequenceNumber(): string {
    this.#lastSequence = Math.max(this.#lastSequence + 1, this.#context.clock.now() * 1000);
    return `1${String(this.#lastSequence).padStart(19, '0')}`;
  }

  #record(message: PublishedMessage, caller: Caller, duplicate: boolean): void {
    const attributes: Record<string, string> = {};
    for (const [name, { stringValue, binaryValue }] of Object.entries(message.attributes)) {
      attributes[name] = stringValue ?? binaryValue ?? '';
    }
    this.#context.activity.record({
      type: 'message-published',
      topic: message.topicName,
      messageId: message.messageId,
      body: message.body,
      attributes,
      caller,
      ...(message.subject === undefined ? {} : { subject: message.subject }),
      duplicate,
    });
  }

  #recordFilteredOut(message: PublishedMessage, { record }: Subscription): void {
    this.#context.activity.record({
      type: 'message-filtered-out',
      topic: message.topicName,
      protocol: record.protocol,
      endpoint: this.#protocols.get(record.protocol).nameOf(record.endpoint),
      messageId: message.messageId,
      ...(message.subject === undefined ? {} : { subject: message.subject }),
    });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
