import type { ActivityStream } from '../../activity/activity-stream.ts';
import type { QueueSender } from '../queue.ts';
import type { MessageContent, QueueMessage } from './message.ts';

/** Tells the activity stream what happens in one queue. */
export class QueueActivities {
  readonly #stream: ActivityStream;
  readonly #queue: string;

  constructor(stream: ActivityStream, queueName: string) {
    this.#stream = stream;
    this.#queue = queueName;
  }

  /** What a topic or another service sends is told by that service. */
  sent(messageId: string, content: MessageContent, sender: QueueSender, duplicate: boolean): void {
    if (sender.kind !== 'caller') return;
    this.#stream.record({
      type: 'message-sent',
      queue: this.#queue,
      messageId,
      body: content.body,
      caller: sender.caller,
      ...subjectOf(content),
      duplicate,
    });
  }

  received(messages: QueueMessage[], by: string): void {
    if (messages.length === 0) return;
    this.#stream.record({
      type: 'messages-received',
      queue: this.#queue,
      messageIds: messages.map(({ id }) => id),
      subjects: messages.flatMap(({ content }) => content.subject ?? []),
      by,
    });
  }

  deleted({ id, content }: QueueMessage): void {
    this.#stream.record({
      type: 'message-deleted',
      queue: this.#queue,
      messageId: id,
      ...subjectOf(content),
    });
  }

  returned({ id, content, receiveCount }: QueueMessage): void {
    this.#stream.record({
      type: 'message-returned',
      queue: this.#queue,
      messageId: id,
      ...subjectOf(content),
      receiveCount,
    });
  }

  deadLettered({ id, content, receivesHere }: QueueMessage, deadLetterQueue: string): void {
    this.#stream.record({
      type: 'message-dead-lettered',
      from: this.#queue,
      deadLetterQueue,
      messageId: id,
      ...subjectOf(content),
      reason: `Received ${receivesHere} times and not deleted`,
    });
  }
}

const subjectOf = ({ subject }: MessageContent): { subject?: string } =>
  subject === undefined ? {} : { subject };
