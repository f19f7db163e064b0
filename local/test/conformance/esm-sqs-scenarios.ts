import { deepStrictEqual } from 'node:assert/strict';
import { EventSource, Verbatim, type SqsRecord } from '../event-source-mapping/event-source.ts';
import type { RecordedCase } from './esm-scenarios.ts';

/** Plays one recorded case; throws, or says in words, where it ended otherwise. */
export type Scenario = (recorded: RecordedCase) => Promise<string | undefined>;

const REPORT = { functionResponseTypes: ['ReportBatchItemFailures'] };
const VISIBILITY_MS = 30_000;

const receiveCount = (record: SqsRecord | undefined): string | undefined =>
  record?.attributes['ApproximateReceiveCount'];
const messageIds = (records: SqsRecord[] = []): string[] => records.map((one) => one.messageId);

/** A queue with a dead-letter queue behind it, as the recorded tests set them up. */
async function queueWithDeadLetters(source: EventSource, name = 'source') {
  const suffix = name.endsWith('.fifo') ? '.fifo' : '';
  const deadLetters = await source.queue(`dead${suffix}`);
  const queue = await source.queue(name, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
  });
  const deadIds = async (): Promise<string[]> => {
    const dead = await deadLetters.receive({ maxMessages: 10, waitSeconds: 0, by: 'judge' });
    return dead.map(({ messageId }) => messageId);
  };
  return { queue, deadIds };
}

async function visibilityEnds(source: EventSource): Promise<void> {
  source.clock.advance(VISIBILITY_MS);
  await source.quiet();
}

async function inSource(
  source: EventSource,
  play: (source: EventSource) => Promise<void>,
): Promise<undefined> {
  try {
    await play(source);
  } finally {
    await source.close();
  }
}

/** Sends one message to a function that always does `act`, and counts what becomes of it. */
const judgedByDeadLetters =
  (act: (recorded: RecordedCase) => unknown, expected: 'success' | 'failure'): Scenario =>
  (recorded) =>
    inSource(new EventSource(() => act(recorded)), async (source) => {
      const { queue, deadIds } = await queueWithDeadLetters(source);
      await source.map(queue, { batchSize: 1, ...REPORT });
      const ids = await source.send(queue, ['{"message": 1}']);
      await source.answered();
      await visibilityEnds(source);
      await visibilityEnds(source);
      deepStrictEqual(source.batches.length, expected === 'failure' ? 2 : 1);
      deepStrictEqual(await deadIds(), expected === 'failure' ? ids : []);
    });

const answer = ({ lambda_returns: returns }: RecordedCase): Verbatim =>
  new Verbatim(JSON.stringify(returns));
const raise = (): never => {
  throw new Error('This is intentional');
};

/** By the id of the recorded case. */
export const SCENARIOS: Record<string, Scenario> = {
  'sqs-retry-after-visibility-timeout': () => {
    let attempt = 0;
    const source = new EventSource(() => (++attempt === 1 ? raise() : null));
    return inSource(source, async () => {
      const queue = await source.queue();
      await source.map(queue, { batchSize: 1 });
      await source.send(queue, ['one']);
      await source.answered();
      source.clock.advance(VISIBILITY_MS - 1);
      await source.quiet();
      deepStrictEqual(source.batches.length, 1, 'it must stay hidden until the timeout');
      await visibilityEnds(source);
      deepStrictEqual(
        source.batches.map(([record]) => receiveCount(record)),
        ['1', '2'],
      );
    });
  },

  'sqs-redrive': judgedByDeadLetters(raise, 'failure'),
  'sqs-rbif-invalid-key': judgedByDeadLetters(answer, 'failure'),
  'sqs-rbif-empty-object': judgedByDeadLetters(answer, 'success'),

  'sqs-rbif-lambda-error': () => {
    const source = new EventSource((records) =>
      records.some(({ body }) => body.startsWith('{not')) ? raise() : null,
    );
    return inSource(source, async () => {
      const { queue, deadIds } = await queueWithDeadLetters(source);
      await source.map(queue, { batchSize: 2, maximumBatchingWindowInSeconds: 0, ...REPORT });
      const ids = await source.send(queue, ['{not a json body', '{"message": 2}']);
      await source.answered();
      await visibilityEnds(source);
      await visibilityEnds(source);
      deepStrictEqual((await deadIds()).toSorted(), ids.toSorted());
    });
  },

  'sqs-rbif-fifo-one-group': () => {
    const failAttempts = new Map([
      ['1', 0],
      ['2', 1],
      ['3', 1],
      ['4', 2],
    ]);
    const source = new EventSource((records) => ({
      batchItemFailures: records
        .filter((one) => Number(receiveCount(one)) <= (failAttempts.get(one.body) ?? 0))
        .map(({ messageId }) => ({ itemIdentifier: messageId })),
    }));
    return inSource(source, async () => {
      const { queue, deadIds } = await queueWithDeadLetters(source, 'source.fifo');
      await source.map(queue, { batchSize: 10, ...REPORT });
      const ids = await source.send(
        queue,
        ['1', '2', '3', '4'].map((body) => ({
          body,
          messageGroupId: '1',
          messageDeduplicationId: `dedup-${body}`,
        })),
      );
      await source.answered();
      await visibilityEnds(source);
      await visibilityEnds(source);
      deepStrictEqual(source.batches.map(messageIds), [ids, ids.slice(1)]);
      deepStrictEqual(source.batches[1]?.map(receiveCount), ['2', '2', '2']);
      deepStrictEqual(await deadIds(), ids.slice(3));
    });
  },

  'sqs-fifo-group-serial': () => {
    let running = 0;
    let most = 0;
    const source = new EventSource(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    });
    return inSource(source, async () => {
      const queue = await source.queue('source.fifo', { ContentBasedDeduplication: 'true' });
      const bodies = ['1', '2', '3', '4', '5'];
      await source.send(
        queue,
        bodies.map((body) => ({ body, messageGroupId: '1' })),
      );
      await source.map(queue, { batchSize: 1 });
      await source.answered(5);
      deepStrictEqual([most, source.bodies.flat()], [1, bodies]);
    });
  },

  'sqs-batch-size-gt10-needs-window': () =>
    inSource(new EventSource(), async (source) => {
      const queue = await source.queue();
      const refusal: unknown = await source.map(queue, { batchSize: 20 }).catch((error) => error);
      deepStrictEqual(refusal instanceof Error && refusal.message, GREATER_THAN_10);
    }),

  'sqs-defaults': () =>
    inSource(new EventSource(), async (source) => {
      await source.map(await source.queue());
      const [mapping] = source.mappings.descriptions();
      deepStrictEqual(
        [
          mapping?.BatchSize,
          mapping?.MaximumBatchingWindowInSeconds,
          mapping?.FunctionResponseTypes,
        ],
        [10, 0, []],
      );
    }),

  'sqs-max-concurrency': () =>
    inSource(new EventSource(() => null, { concurrency: 2 }), async (source) => {
      const queue = await source.queue();
      const bodies = Array.from({ length: 30 }, (_, index) => `${index}`);
      await source.send(queue, bodies);
      await source.map(queue, {
        batchSize: 20,
        maximumBatchingWindowInSeconds: 1,
        scalingConfig: { maximumConcurrency: 2 },
      });
      await source.quiet();
      source.clock.advance(1_000);
      await source.answered(2);
      deepStrictEqual(source.batches.length, 2);
      deepStrictEqual(source.bodies.flat().toSorted(), bodies.toSorted());
    }),

  'sqs-filter-deletes': () =>
    inSource(new EventSource(), async (source) => {
      const queue = await source.queue();
      await source.map(queue, {
        filterCriteria: { filters: [{ pattern: '{"body":{"key":["match"]}}' }] },
      });
      const ids = await source.send(queue, ['{"key":"match"}', '{"key":"other"}', 'no json']);
      await source.answered();
      await source.quiet();
      deepStrictEqual(source.bodies, [['{"key":"match"}']]);
      deepStrictEqual(source.deletedIds().toSorted(), ids.toSorted());
    }),
};

const GREATER_THAN_10 =
  'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10';
