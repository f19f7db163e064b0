import type { Clock } from '../../context/clock.ts';
import type { Queue } from '../../sqs/queue.ts';
import { EVENT_LIMIT_BYTES, recordOf, type EventRecord } from './sqs-event.ts';

/** Long polling at its longest, and the most that one ReceiveMessage gives. */
const LONGEST_POLL_SECONDS = 20;
const LARGEST_RECEIVE = 10;

export interface Collection {
  records: EventRecord[];
  /** When the first message was received (`Clock.monotonic`): its visibility timeout runs from here. */
  receivedAt: number;
}

/**
 * Receives one batch. Without a window that is what one receive finds; with one, receives follow
 * until the batch is full, the window has passed since the first message, or the event would be too
 * large.
 *
 * @returns an empty batch when a long poll found nothing or `signal` aborted
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export async function collectBatch(
  queue: Queue,
  {
    batchSize,
    windowSeconds,
    by,
    clock,
    signal,
  }: {
    batchSize: number;
    windowSeconds: number;
    by: string;
    clock: Clock;
    signal: AbortSignal;
  },
): Promise<Collection> {
  const source = { queueArn: queue.arn, windowed: windowSeconds > 0 };
  const receive = async (room: number, waitSeconds: number): Promise<EventRecord[]> => {
    const maxMessages = Math.min(LARGEST_RECEIVE, room);
    const messages = await queue.receive({ maxMessages, waitSeconds, signal, by });
    return messages.map((message) => recordOf(message, source));
  };

  const records = await receive(batchSize, LONGEST_POLL_SECONDS);
  const receivedAt = clock.monotonic();
  const closesAt = receivedAt + windowSeconds * 1000;
  let bytes = total(records);
  while (records.length > 0 && records.length < batchSize && bytes < EVENT_LIMIT_BYTES) {
    const secondsLeft = (closesAt - clock.monotonic()) / 1000;
    if (secondsLeft <= 0 || signal.aborted) break;
    const more = await receive(
      batchSize - records.length,
      Math.min(LONGEST_POLL_SECONDS, secondsLeft),
    );
    records.push(...more);
    bytes += total(more);
  }
  return { records, receivedAt };
}

const total = (records: readonly EventRecord[]): number =>
  records.reduce((sum, { bytes }) => sum + bytes, 0);
