import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../../context/local-context.ts';
import * as errors from '../errors.ts';
import type {
  OutgoingMessage,
  Queue,
  QueueSender,
  ReceivedMessage,
  ReceiveOptions,
  SentMessage,
} from '../queue.ts';
import { DeduplicationWindow } from './deduplication.ts';
import { FifoBacklog, SequenceNumbers } from './fifo-backlog.ts';
import { PURGE_INTERVAL_SECONDS } from './limits.ts';
import { MessageLedger } from './message-ledger.ts';
import {
  type MessageContent,
  type Phase,
  type QueueMessage,
  bySequenceNumber,
  toMessage,
} from './message.ts';
import { contentOf, validateMessage } from './outgoing-message.ts';
import { QueueActivities } from './queue-activities.ts';
import { type QueueAttributes, type QueueSettings, settingsOf } from './queue-attributes.ts';
import type { QueueRecord, QueueStorage, StoredQueue } from './queue-storage.ts';
import { decodeReceiptHandle, toReceivedMessage } from './received-message.ts';
import {
  Receiver,
  requireTotalVisibility,
  requireVisibilityTimeout,
  type Take,
} from './receiver.ts';
import { StandardBacklog } from './standard-backlog.ts';
import { WaitingReceivers } from './waiting-receivers.ts';

/** What a queue needs around it. */
export interface QueueSurroundings {
  readonly context: LocalContext;
  readonly storage: QueueStorage;
  readonly subjectAttribute: string | undefined;
  queueByArn(arn: string): EmulatedQueue | undefined;
}

/** Adds what only API callers can ask for. */
type QueueReceiveOptions = ReceiveOptions & {
  visibilityTimeoutSeconds?: number | undefined;
  attemptId?: string | undefined;
};

/** What a message keeps when it comes from another queue. */
type Origin = Partial<
  Pick<QueueMessage, 'id' | 'sentAt' | 'receiveCount' | 'firstReceivedAt' | 'deadLetterSourceArn'>
>;

/**
 * One queue. The methods that return no promise act at once and leave it to their caller to wait
 * for the storage; those of `Queue` resolve when the change would survive the end of this process.
 */
export class EmulatedQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly ledger: MessageLedger;
  readonly #surroundings: QueueSurroundings;
  readonly #activities: QueueActivities;
  readonly #waiting: WaitingReceivers;
  readonly #receiver: Receiver;
  readonly #deduplication: DeduplicationWindow;
  readonly #sequence: SequenceNumbers;
  #record: QueueRecord;
  #settings: QueueSettings;
  #purgedAt = Number.NEGATIVE_INFINITY;

  constructor({ queue, messages, deduplications }: StoredQueue, surroundings: QueueSurroundings) {
    const { context, storage } = surroundings;
    this.name = queue.name;
    this.arn = `arn:aws:sqs:${context.region}:${context.accountId}:${queue.name}`;
    this.#record = queue;
    this.#settings = settingsOf(queue.attributes);
    this.fifo = this.#settings.fifo;
    this.#surroundings = surroundings;
    this.#activities = new QueueActivities(context.activity, queue.name);
    this.#waiting = new WaitingReceivers(context.clock);
    const deduplicationStore = storage.deduplicationsOf(queue.name);
    this.#deduplication = new DeduplicationWindow(deduplicationStore, deduplications);
    this.ledger = new MessageLedger({
      clock: context.clock,
      backlog: this.fifo ? new FifoBacklog() : new StandardBacklog(),
      store: storage.messagesOf(queue.name),
      retentionMs: () => this.#settings.retentionSeconds * 1000,
      onVisible: (message, from) => this.#becameVisible(message, from),
    });
    this.#receiver = new Receiver({
      clock: context.clock,
      ledger: this.ledger,
      deadLetter: (message) => this.#deadLetter(message),
    });
    const inOrder = this.fifo ? messages.toSorted(bySequenceNumber) : messages;
    for (const message of inOrder) this.ledger.restore(toMessage(message));
    this.#sequence = new SequenceNumbers([
      inOrder.at(-1)?.sequenceNumber,
      this.#deduplication.lastSequenceNumber,
    ]);
  }

  /** Derived when asked for, as the endpoint's port may change between runs. */
  get url(): string {
    const { endpoint, accountId } = this.#surroundings.context;
    return `${endpoint()}/${accountId}/${this.name}`;
  }

  get record(): Readonly<QueueRecord> {
    return this.#record;
  }

  get settings(): Readonly<QueueSettings> {
    return this.#settings;
  }

  get visibilityTimeoutSeconds(): number {
    return this.#settings.visibilityTimeoutSeconds;
  }

  get policy(): string | undefined {
    return this.#record.attributes['Policy'];
  }

  update(change: { attributes?: QueueAttributes; tags?: Record<string, string> }): void {
    const delayBefore = this.#settings.delaySeconds;
    this.#record = { ...this.#record, ...change, modifiedAt: this.#now };
    this.#settings = settingsOf(this.#record.attributes);
    this.#surroundings.storage.putQueue(this.#record);
    if (this.fifo && this.#settings.delaySeconds !== delayBefore) {
      // The delay of a FIFO queue also governs the messages that are in it already.
      this.ledger.restartDelays(this.#settings.delaySeconds * 1000);
    }
  }

  /** @throws AwsError as SendMessage does */
  enqueue(
    outgoing: OutgoingMessage,
    sender: QueueSender,
  ): { sent: SentMessage; content: MessageContent } {
    validateMessage(outgoing, this.#settings);
    const { subjectAttribute } = this.#surroundings;
    const content = contentOf(outgoing, sender, this.#settings, subjectAttribute);
    const key = this.#deduplicationKey(content);
    const earlier = key === undefined ? undefined : this.#deduplication.find(key, this.#time);
    const sent = earlier
      ? { messageId: earlier.messageId, sequenceNumber: earlier.sequenceNumber }
      : this.#enqueueNew(content, outgoing.delaySeconds, key);
    this.#activities.sent(sent.messageId, content, sender, earlier !== undefined);
    return { sent, content };
  }

  /** Puts a message into the queue without checks and without deduplication. */
  admit(content: MessageContent, delaySeconds = 0, origin: Origin = {}): QueueMessage {
    const now = this.#now;
    const message = toMessage({
      id: randomUUID(),
      sentAt: now,
      receiveCount: 0,
      ...origin,
      content,
      sequenceNumber: this.fifo ? this.#sequence.next(now) : undefined,
      receivesHere: 0,
      phase: delaySeconds > 0 ? 'delayed' : 'visible',
      dueAt: delaySeconds > 0 ? this.#time + delaySeconds * 1000 : 0,
      waitMs: delaySeconds * 1000,
    });
    this.ledger.add(message);
    if (message.phase === 'visible') this.#waiting.serveSoon();
    return message;
  }

  /** Deletes what the handle stands for; see `Queue.delete`. */
  remove(receiptHandle: string): void {
    const message = this.#find(receiptHandle);
    if (!message) return;
    this.ledger.remove(message);
    this.#activities.deleted(message);
    // A group of a FIFO queue may be free again.
    if (this.fifo) this.#waiting.serveSoon();
  }

  /** Changes the visibility timeout of what the handle stands for; see `Queue.changeVisibility`. */
  hide(receiptHandle: string, seconds: number): void {
    requireVisibilityTimeout(seconds);
    const message = this.#find(receiptHandle);
    if (!message) throw errors.notAvailableForVisibilityChange(receiptHandle);
    // The timeout ran out, or another receive gave the message back: there is nothing to end.
    if (message.phase !== 'in-flight' && seconds === 0) return;
    const time = this.#time;
    requireTotalVisibility(time - (message.receivedAt ?? time), seconds);
    if (seconds === 0) this.giveBack(message);
    else this.ledger.change(message, 'in-flight', seconds * 1000);
  }

  giveBack(message: QueueMessage): void {
    this.ledger.change(message, 'visible');
    this.#becameVisible(message, 'in-flight');
  }

  async send(message: OutgoingMessage, sender: QueueSender): Promise<SentMessage> {
    const { sent } = this.enqueue(message, sender);
    await this.#surroundings.storage.flushed();
    return sent;
  }

  async receive(options: QueueReceiveOptions): Promise<ReceivedMessage[]> {
    const { visibilityTimeoutSeconds: requested } = options;
    if (requested !== undefined) requireVisibilityTimeout(requested);
    if (options.signal?.aborted) return [];
    // A long poll hides its messages for what the queue says when they come, not when it began.
    const take = (): ReceivedMessage[] =>
      this.#take({
        ...options,
        visibilityTimeoutSeconds: requested ?? this.visibilityTimeoutSeconds,
      });
    if (!this.fifo && options.waitSeconds === 0) this.#receiver.requireRoom();
    let messages = take();
    if (messages.length === 0 && options.waitSeconds > 0) {
      messages = await this.#waiting.wait(take, options.waitSeconds * 1000, options.signal);
    }
    await this.#surroundings.storage.flushed();
    return messages;
  }

  async delete(receiptHandle: string): Promise<void> {
    this.remove(receiptHandle);
    await this.#surroundings.storage.flushed();
  }

  async changeVisibility(receiptHandle: string, seconds: number): Promise<void> {
    this.hide(receiptHandle, seconds);
    await this.#surroundings.storage.flushed();
  }

  /**
   * Deletes every message, and forgets the deduplication ids: one that is sent again is delivered.
   *
   * @throws AwsError PurgeQueueInProgress within 60 s of the last time
   */
  purge(): void {
    if (this.#time - this.#purgedAt < PURGE_INTERVAL_SECONDS * 1000) {
      throw errors.purgeQueueInProgress(this.name);
    }
    this.#purgedAt = this.#time;
    this.ledger.clear();
    this.#deduplication.clear();
    this.#receiver.forgetAttempts();
  }

  /** Removes all traces of the queue from the storage, and ends it. */
  destroy(): void {
    this.ledger.clear();
    this.#deduplication.clear();
    this.#surroundings.storage.deleteQueue(this.name);
    this.close();
  }

  /** Ends the long polls and the timers; the messages stay in the storage. */
  close(): void {
    this.#waiting.close();
    this.ledger.close();
  }

  get #now(): number {
    return this.#surroundings.context.clock.now();
  }

  get #time(): number {
    return this.#surroundings.context.clock.monotonic();
  }

  #enqueueNew(
    content: MessageContent,
    requestedDelay: number | undefined,
    deduplicationKey: string | undefined,
  ): SentMessage {
    const ownDelay = this.#settings.delaySeconds;
    const message = this.admit(content, this.fifo ? ownDelay : (requestedDelay ?? ownDelay));
    const { id: messageId, sequenceNumber } = message;
    if (sequenceNumber === undefined) return { messageId };
    if (deduplicationKey !== undefined) {
      const record = { messageId, sequenceNumber, acceptedAt: this.#time };
      this.#deduplication.remember(deduplicationKey, record);
    }
    return { messageId, sequenceNumber };
  }

  #deduplicationKey({ deduplicationId, groupId }: MessageContent): string | undefined {
    if (deduplicationId === undefined) return undefined;
    // Neither id can contain a space.
    return this.#settings.deduplicationScope === 'messageGroup'
      ? `${groupId} ${deduplicationId}`
      : deduplicationId;
  }

  #take({ by, ...take }: Take & { by: string }): ReceivedMessage[] {
    const messages = this.#receiver.take(take);
    const received = messages.map((message) => toReceivedMessage(this.name, message));
    this.#activities.received(messages, by);
    if (take.visibilityTimeoutSeconds === 0) for (const message of messages) this.giveBack(message);
    return received;
  }

  /**
   * Finds what a handle stands for. Every handle of a standard queue works for as long as its
   * message exists; one of a FIFO queue until its visibility timeout ends.
   */
  #find(receiptHandle: string): QueueMessage | undefined {
    const { messageId, receiveCount } = decodeReceiptHandle(receiptHandle, this.name);
    this.ledger.settle();
    const message = this.ledger.get(messageId);
    const current = message?.receiveCount === receiveCount && message.phase === 'in-flight';
    if (message && this.fifo && !current) throw errors.receiptHandleExpired(receiptHandle);
    return message;
  }

  #becameVisible(message: QueueMessage, from: Phase): void {
    if (from === 'in-flight') this.#activities.returned(message);
    this.#waiting.serveSoon();
  }

  /**
   * A message is moved when it would be received once more than its queue's redrive policy allows,
   * not earlier: a poison message that nobody asks for stays where it is. It keeps its id and, in a
   * standard queue, the time it was first sent at; a FIFO queue starts its retention anew.
   */
  #deadLetter(message: QueueMessage): boolean {
    const policy = this.#settings.redrivePolicy;
    if (!policy || message.receivesHere < policy.maxReceiveCount) return false;
    const target = this.#surroundings.queueByArn(policy.deadLetterTargetArn);
    if (!target) return false;
    this.ledger.remove(message);
    target.admit(message.content, 0, {
      id: message.id,
      receiveCount: message.receiveCount,
      firstReceivedAt: message.firstReceivedAt,
      deadLetterSourceArn: this.arn,
      ...(this.fifo ? {} : { sentAt: message.sentAt }),
    });
    this.#activities.deadLettered(message, target.name);
    return true;
  }
}
