import * as z from 'zod';
import type { Collection, Storage } from '../../storage/storage.ts';
import { deduplicationRecord, type DeduplicationRecord } from './deduplication.ts';
import { messageRecord, type MessageRecord, type QueueMessage, toRecord } from './message.ts';

const queueRecord = z.object({
  name: z.string(),
  attributes: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  modifiedAt: z.number(),
});
export type QueueRecord = z.infer<typeof queueRecord>;

/** What was stored of one queue. */
export interface StoredQueue {
  queue: QueueRecord;
  messages: MessageRecord[];
  deduplications: [string, DeduplicationRecord][];
}

/** No queue name contains it. */
const SEPARATOR = '/';

/** The queues, their messages and their deduplication windows in the storage. */
export class QueueStorage {
  readonly #storage: Storage;
  readonly #queues: Collection<QueueRecord>;
  readonly #messages: Collection<MessageRecord>;
  readonly #deduplications: Collection<DeduplicationRecord>;
  readonly #moveTasks: Collection<MoveTaskRecord>;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#queues = storage.collection('sqs-queues', (json) => queueRecord.parse(json));
    this.#messages = storage.collection('sqs-messages', (json) => messageRecord.parse(json));
    this.#deduplications = storage.collection('sqs-deduplications', (json) =>
      deduplicationRecord.parse(json),
    );
    this.#moveTasks = storage.collection('sqs-move-tasks', (json) => moveTaskRecord.parse(json));
  }

  flushed(): Promise<void> {
    return this.#storage.flushed();
  }

  load(): StoredQueue[] {
    const queues = new Map<string, StoredQueue>();
    for (const { key, value } of this.#queues.load()) {
      queues.set(key, { queue: value, messages: [], deduplications: [] });
    }
    for (const { key, value } of this.#messages.load()) {
      queues.get(splitKey(key)[0])?.messages.push(value);
    }
    for (const { key, value } of this.#deduplications.load()) {
      const [queueName, rest] = splitKey(key);
      queues.get(queueName)?.deduplications.push([rest, value]);
    }
    return [...queues.values()];
  }

  putQueue(queue: QueueRecord): void {
    this.#queues.put(queue.name, queue);
  }

  deleteQueue(name: string): void {
    this.#queues.delete(name);
  }

  messagesOf(queueName: string) {
    const keyOf = (message: QueueMessage): string => queueName + SEPARATOR + message.id;
    return {
      put: (message: QueueMessage): void => {
        if (!this.#storage.volatile) this.#messages.put(keyOf(message), toRecord(message));
      },
      delete: (message: QueueMessage): void => {
        if (!this.#storage.volatile) this.#messages.delete(keyOf(message));
      },
    };
  }

  deduplicationsOf(queueName: string) {
    return {
      put: (key: string, record: DeduplicationRecord): void =>
        this.#deduplications.put(queueName + SEPARATOR + key, record),
      delete: (key: string): void => this.#deduplications.delete(queueName + SEPARATOR + key),
    };
  }

  loadMoveTasks(): MoveTaskRecord[] {
    return this.#moveTasks.load().map(({ value }) => value);
  }

  putMoveTask(task: MoveTaskRecord): void {
    this.#moveTasks.put(task.id, task);
  }

  deleteMoveTask(taskId: string): void {
    this.#moveTasks.delete(taskId);
  }
}

function splitKey(key: string): [string, string] {
  const at = key.indexOf(SEPARATOR);
  return [key.slice(0, at), key.slice(at + 1)];
}

/** A move task as it is stored. Times are milliseconds since the epoch. */
export const moveTaskRecord = z.object({
  id: z.string(),
  sourceArn: z.string(),
  /** Absent: every message goes back to the queue it was a poison message of. */
  destinationArn: z.string().optional(),
  maxNumberOfMessagesPerSecond: z.number().optional(),
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: z.number(),
  /** How many messages there were to move when the task started. */
  toMove: z.number(),
  failureReason: z.string().optional(),
  startedAt: z.number(),
});
export type MoveTaskRecord = z.infer<typeof moveTaskRecord>;
