/** How the source of an invocation begins that came from a queue. */
export const QUEUE_SOURCE = 'SQS ';

/** More of one queue would be of messages that have long found their end. */
const KEPT_PER_QUEUE = 50;

/** The latest errors of the functions that read each queue: why a message became a dead letter. */
export class LastErrors {
  readonly #byQueue = new Map<string, { subjects: readonly string[]; text: string }[]>();

  /** @param source what invoked the function; only queues count */
  add(source: string, subjects: readonly string[], text: string): void {
    if (!source.startsWith(QUEUE_SOURCE)) return;
    const queue = source.slice(QUEUE_SOURCE.length);
    const errors = this.#byQueue.get(queue) ?? [];
    errors.push({ subjects, text });
    this.#byQueue.set(queue, errors.slice(-KEPT_PER_QUEUE));
  }

  /** The last error with a message of that subject; undefined when none is known. */
  of(queue: string, subject: string | undefined): string | undefined {
    return this.#byQueue
      .get(queue)
      ?.findLast(({ subjects }) => subject === undefined || subjects.includes(subject))?.text;
  }
}
