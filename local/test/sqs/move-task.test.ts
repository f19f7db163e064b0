import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import type { Queue } from '../../sqs/queue.ts';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, refusalOf, SENDER, SqsFixture } from './sqs-fixture.ts';

describe('a message move task', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let orders: Queue;
  let dead: Queue;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    dead = await sqs.service.ensureQueue('dead', {});
    orders = await sqs.service.ensureQueue('orders', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }),
    });
  });
  afterEach(() => sqs.stop());

  const start = (input: Partial<StartMessageMoveTaskCommandInput> = {}) =>
    sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn, ...input }));
  const list = async (MaxResults?: number) => {
    const { Results = [] } = await sqs.client.send(
      new ListMessageMoveTasksCommand({ SourceArn: dead.arn, MaxResults }),
    );
    return Results;
  };
  const poison = async (count: number): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      await orders.send({ body: `poison-${number}` }, SENDER);
    }
    const all = { maxMessages: 10, waitSeconds: 0, by: 'test' };
    for (let taken = 0; taken < count; taken += 10) await orders.receive(all);
    await orders.receive(all);
  };

  it('moves messages back to where they came from, as new messages', async () => {
    await poison(3);
    const [before] = await sqs.receive(dead.url, { VisibilityTimeout: 0 });

    await start();
    clock.advance(0);

    const moved = await sqs.receive(orders.url, { VisibilityTimeout: 30 });
    expect(bodiesOf(moved).toSorted()).toEqual(['poison-1', 'poison-2', 'poison-3']);
    for (const { MessageId, Attributes } of moved) {
      expect(MessageId).not.toBe(before?.MessageId);
      expect(Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
      expect(Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    }
    expect(await list()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: dead.arn,
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: expect.any(Number),
      },
    ]);
    expect(await sqs.activity.waitFor('messages-moved')).toMatchObject({
      from: 'dead',
      to: undefined,
      count: 3,
      status: 'COMPLETED',
    });
  });

  it('moves messages to a queue of choice', async () => {
    const repair = await sqs.service.ensureQueue('repair', {});
    await poison(2);

    await start({ DestinationArn: repair.arn });
    clock.advance(0);

    expect(await sqs.receive(repair.url)).toHaveLength(2);
  });

  it('keeps to its rate, and can be cancelled', async () => {
    await poison(10);
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 2 });
    clock.advance(1_000);

    const [running] = await list();
    await sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    const [cancelling] = await list();
    clock.advance(10_000);

    expect(running).toMatchObject({
      Status: 'RUNNING',
      TaskHandle,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 10,
      MaxNumberOfMessagesPerSecond: 2,
    });
    expect(cancelling?.Status).toBe('CANCELLING');
    expect(await list()).toMatchObject([
      { Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 },
    ]);
    expect(await sqs.receive(dead.url)).toHaveLength(8);
  });

  it('fails where a message has no queue to go back to', async () => {
    await dead.send({ body: 'sent here by hand' }, SENDER);

    await start();
    clock.advance(0);

    expect(await list()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(await sqs.receive(dead.url)).toHaveLength(1);
  });

  it('is remembered with the last ten of its queue', async () => {
    for (let count = 1; count <= 12; count++) {
      await start();
      clock.advance(1);
    }

    expect(await list()).toHaveLength(1);
    expect(await list(10)).toHaveLength(10);
  });

  it.each([
    ['an unknown source', { SourceArn: 'arn:aws:sqs:eu-central-1:000000000000:none' }, /SourceArn/],
    [
      'an unknown destination',
      { DestinationArn: 'arn:x:none' },
      /DestinationArn parameter doesn't/,
    ],
    ['a rate of zero', { MaxNumberOfMessagesPerSecond: 0 }, /between 1 and 500/],
    ['a rate of 501', { MaxNumberOfMessagesPerSecond: 501 }, /between 1 and 500/],
  ])('is refused for %s', async (_case, input, message) => {
    const refusal = await refusalOf(start(input));

    expect(refusal.message).toMatch(message);
  });

  it('is refused for a queue that is nobody’s dead-letter queue', async () => {
    const refusal = await refusalOf(start({ SourceArn: orders.arn }));

    expect(refusal.message).toBe('Source queue must be configured as a Dead Letter Queue.');
  });

  it('is refused while another runs, and cancelled only while it runs', async () => {
    const { TaskHandle } = await start();

    const second = await refusalOf(start());
    clock.advance(1);
    const late = await refusalOf(sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
    const nonsense = await refusalOf(
      sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'nonsense' })),
    );

    expect(second.name).toBe('InvalidParameterValue');
    expect(second.message).toMatch(/^There is already a task running\./);
    expect(late.message).toBe('Only active tasks can be cancelled.');
    expect(nonsense.message).toBe('Value nonsense for parameter TaskHandle is invalid.');
  });
});
