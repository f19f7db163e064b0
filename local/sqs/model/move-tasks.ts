import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../json/parse-json.ts';
import * as errors from '../errors.ts';
import type { EmulatedQueue } from './emulated-queue.ts';
import { LISTED_MOVE_TASKS, MAXIMUM_MOVES_PER_SECOND } from './limits.ts';
import type { QueueMessage } from './message.ts';
import type { QueueRegistry } from './queue-registry.ts';
import type { MoveTaskRecord } from './queue-storage.ts';

/** Messages per step of a task that has no rate; the event loop turns between steps. */
const STEP_SIZE = 100;
/** How long a message that is being moved is hidden; it is given back at once if it can't move. */
const MOVE_TIMEOUT_MS = 30_000;

export interface MoveRequest {
  sourceArn: string;
  destinationArn: string | undefined;
  maxNumberOfMessagesPerSecond: number | undefined;
}

const taskHandle = z.object({ taskId: z.string(), sourceArn: z.string() });

/** The handle that CancelMessageMoveTask takes. */
export const handleOf = ({ id, sourceArn }: MoveTaskRecord): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');

/**
 * Redrives: asynchronous tasks that move the messages of a dead-letter queue back to where they
 * came from, or to another queue. Moved messages are new ones, with a new id and a new time.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export class MoveTasks {
  readonly #registry: QueueRegistry;
  readonly #tasks = new Map<string, MoveTaskRecord>();
  readonly #scheduled = new Map<string, () => void>();

  constructor(registry: QueueRegistry) {
    this.#registry = registry;
    for (const task of registry.storage.loadMoveTasks()) {
      this.#tasks.set(task.id, task);
      if (isActive(task)) this.#schedule(task);
    }
  }

  /** @throws AwsError ResourceNotFoundException, InvalidParameterValue, UnsupportedOperation */
  start({ sourceArn, destinationArn, maxNumberOfMessagesPerSecond }: MoveRequest): MoveTaskRecord {
    const source = this.#requireQueue(sourceArn, 'SourceArn');
    const rate = maxNumberOfMessagesPerSecond;
    if (rate !== undefined && (rate < 1 || rate > MAXIMUM_MOVES_PER_SECOND)) {
      throw errors.invalidValue(
        rate,
        'MaxNumberOfMessagesPerSecond',
        `Must be between 1 and ${MAXIMUM_MOVES_PER_SECOND}, if provided.`,
      );
    }
    if (this.#registry.sourcesOf(sourceArn).length === 0) {
      throw errors.invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined) this.#requireDestination(source, destinationArn);
    if (this.#of(sourceArn).some(isActive)) {
      throw errors.invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    source.ledger.settle();
    const task: MoveTaskRecord = {
      id: randomUUID(),
      sourceArn,
      destinationArn,
      maxNumberOfMessagesPerSecond: rate,
      status: 'RUNNING',
      moved: 0,
      toMove: source.ledger.count('visible'),
      startedAt: this.#registry.context.clock.now(),
    };
    this.#save(task);
    this.#forgetOld(sourceArn);
    this.#schedule(task);
    return task;
  }

  /** The most recent tasks of a queue, newest first. @throws AwsError ResourceNotFoundException */
  list(sourceArn: string): MoveTaskRecord[] {
    this.#requireQueue(sourceArn, 'SourceArn');
    return this.#of(sourceArn);
  }

  /** @throws AwsError InvalidParameterValue, ResourceNotFoundException, UnsupportedOperation */
  cancel(handle: string): MoveTaskRecord {
    const parsed = taskHandle.safeParse(parseHandle(handle));
    if (!parsed.success) {
      throw errors.invalidParameter(`Value ${handle} for parameter TaskHandle is invalid.`);
    }
    this.#requireQueue(parsed.data.sourceArn, 'SourceArn');
    const task = this.#tasks.get(parsed.data.taskId);
    if (!task || task.sourceArn !== parsed.data.sourceArn) {
      throw errors.resourceNotFound('Task does not exist.');
    }
    if (task.status !== 'RUNNING') {
      throw errors.unsupportedOperation('Only active tasks can be cancelled.');
    }
    task.status = 'CANCELLING';
    this.#save(task);
    return task;
  }

  close(): void {
    for (const cancel of this.#scheduled.values()) cancel();
    this.#scheduled.clear();
  }

  #schedule(task: MoveTaskRecord): void {
    const rate = task.maxNumberOfMessagesPerSecond;
    const delayMs = rate === undefined ? 0 : 1000 / rate;
    const step = (): void => {
      this.#scheduled.delete(task.id);
      this.#step(task, rate === undefined ? STEP_SIZE : 1);
    };
    this.#scheduled.set(task.id, this.#registry.context.clock.schedule(delayMs, step));
  }

  #step(task: MoveTaskRecord, size: number): void {
    if (task.status === 'CANCELLING') return this.#finish(task, 'CANCELLED');
    const source = this.#registry.queueByArn(task.sourceArn);
    if (!source) return this.#fail(task, 'AWS.SimpleQueueService.NonExistentQueue');
    source.ledger.settle();
    const messages = source.ledger.select(size, (message) => {
      source.ledger.change(message, 'in-flight', MOVE_TIMEOUT_MS);
      return true;
    });
    if (messages.length === 0) return this.#finish(task, 'COMPLETED');
    const stuck = messages.filter((message) => !this.#move(task, source, message));
    if (stuck.length > 0) {
      for (const message of stuck) source.giveBack(message);
      return this.#fail(
        task,
        stuck.some(({ deadLetterSourceArn }) => deadLetterSourceArn === undefined)
          ? 'CouldNotDetermineMessageSource'
          : 'AWS.SimpleQueueService.NonExistentQueue',
      );
    }
    this.#save(task);
    return this.#schedule(task);
  }

  #move(task: MoveTaskRecord, source: EmulatedQueue, message: QueueMessage): boolean {
    const arn = task.destinationArn ?? message.deadLetterSourceArn;
    const destination = arn === undefined ? undefined : this.#registry.queueByArn(arn);
    if (!destination) return false;
    source.ledger.remove(message);
    destination.admit(message.content);
    task.moved += 1;
    return true;
  }

  #fail(task: MoveTaskRecord, reason: string): void {
    task.failureReason = reason;
    this.#finish(task, 'FAILED');
  }

  #finish(task: MoveTaskRecord, status: 'COMPLETED' | 'CANCELLED' | 'FAILED'): void {
    task.status = status;
    this.#save(task);
    this.#registry.context.activity.record({
      type: 'messages-moved',
      from: nameOf(task.sourceArn),
      to: task.destinationArn === undefined ? undefined : nameOf(task.destinationArn),
      count: task.moved,
      status,
    });
  }

  #save(task: MoveTaskRecord): void {
    this.#tasks.set(task.id, task);
    this.#registry.storage.putMoveTask(task);
  }

  #forgetOld(sourceArn: string): void {
    for (const { id } of this.#of(sourceArn).slice(LISTED_MOVE_TASKS)) {
      this.#tasks.delete(id);
      this.#registry.storage.deleteMoveTask(id);
    }
  }

  #of(sourceArn: string): MoveTaskRecord[] {
    return [...this.#tasks.values()].filter((task) => task.sourceArn === sourceArn).toReversed();
  }

  #requireQueue(arn: string, parameter: 'SourceArn' | 'DestinationArn'): EmulatedQueue {
    const queue = this.#registry.queueByArn(arn);
    if (queue) return queue;
    throw errors.resourceNotFound(
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    );
  }

  #requireDestination(source: EmulatedQueue, destinationArn: string): void {
    const destination = this.#requireQueue(destinationArn, 'DestinationArn');
    if (destination === source) {
      throw errors.invalidParameter(
        'Source queue arn and destination queue arn must be different.',
      );
    }
    if (destination.fifo !== source.fifo) {
      throw errors.invalidParameter(
        'Source queue and destination queue must be of the same queue type.',
      );
    }
  }
}

const isActive = ({ status }: MoveTaskRecord): boolean =>
  status === 'RUNNING' || status === 'CANCELLING';

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** No JSON is no task handle: the caller refuses it. */
const parseHandle = (handle: string): unknown =>
  parseJson(Buffer.from(handle, 'base64').toString('utf8'));
