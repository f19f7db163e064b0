import { describe, expect, it } from '@jest/globals';
import type { Activity } from '../../activity/activity.ts';
import { HopReader } from '../../live-log/hop-reader.ts';
import { ShortNames } from '../../live-log/short-names.ts';

const names = new ShortNames('shop-dev-');

/** The hops of some activities, one millisecond apart. */
function hopsOf(...activities: Activity[]) {
  const reader = new HopReader(names);
  return activities.flatMap((activity, index) => {
    const hop = reader.read({ ...activity, sequence: index + 1, at: index });
    return hop ? [hop] : [];
  });
}

const byFunction = {
  kind: 'function',
  functionName: 'shop-dev-placeOrder',
  environmentId: 'env-1',
} as const;

const invoked = (source: string): Activity => ({
  type: 'function-invoked',
  functionName: 'shop-dev-recordOrders',
  requestId: 'r1',
  environmentId: 'env-1',
  coldStart: false,
  source,
  subjects: ['A'],
});

const completed: Activity = {
  type: 'function-completed',
  functionName: 'shop-dev-recordOrders',
  requestId: 'r1',
  durationMs: 12,
  subjects: ['A'],
};

const answered = (failedMessageIds: string[]): Activity => ({
  type: 'batch-answered',
  functionName: 'shop-dev-recordOrders',
  queue: 'shop-dev-OrderIntakeQueue',
  size: 2,
  failedMessageIds,
});

describe('A hop', () => {
  it('goes from the sender to the queue', () => {
    const [hop] = hopsOf({
      type: 'message-sent',
      queue: 'shop-dev-OrderIntakeQueue',
      messageId: 'm1',
      body: '{}',
      caller: byFunction,
      subject: 'A',
      duplicate: false,
    });

    expect(hop).toMatchObject({
      subjects: ['A'],
      from: 'placeOrder',
      to: 'OrderIntakeQueue',
      verdict: 'sent',
    });
  });

  it('says when a FIFO queue recognised a duplicate', () => {
    const [hop] = hopsOf({
      type: 'message-sent',
      queue: 'shop-dev-FraudQueue.fifo',
      messageId: 'm1',
      body: '{}',
      caller: { kind: 'client', accessKeyId: 'local' },
      duplicate: true,
    });

    expect(hop).toMatchObject({ from: 'client', verdict: 'duplicate', tone: 'quiet' });
  });

  it('goes from the source of an invocation to the function, with its duration', () => {
    const [hop, ...others] = hopsOf(
      invoked('SQS shop-dev-OrderIntakeQueue'),
      completed,
      answered([]),
    );

    expect(others).toEqual([]);
    expect(hop).toMatchObject({
      from: 'OrderIntakeQueue',
      to: 'recordOrders',
      verdict: 'handled',
      durationMs: 12,
    });
  });

  it('says that a function gave messages back, and not that it handled them', () => {
    const hops = hopsOf(invoked('SQS shop-dev-OrderIntakeQueue'), completed, answered(['m1']));

    expect(hops).toEqual([
      expect.objectContaining({
        from: 'recordOrders',
        to: 'OrderIntakeQueue',
        subjects: ['A'],
        verdict: 'gave back',
        durationMs: 12,
        note: '1 of 2 messages',
      }),
    ]);
  });

  it('tells of a dead letter which error its function logged last', () => {
    const error = {
      name: 'TableMissing',
      message: 'there is no table',
      stack: 'TableMissing\n    at put (file:///srv/shop/table.ts:12:3)',
    };
    const hops = hopsOf(
      invoked('SQS shop-dev-OrderIntakeQueue'),
      {
        type: 'function-logged',
        functionName: 'shop-dev-recordOrders',
        requestId: 'r1',
        line: JSON.stringify({ level: 'ERROR', message: 'Not recorded', error }),
      },
      completed,
      answered(['m1']),
      {
        type: 'message-dead-lettered',
        from: 'shop-dev-OrderIntakeQueue',
        deadLetterQueue: 'shop-dev-OrderIntakeDeadLetters',
        messageId: 'm1',
        subject: 'A',
        reason: 'received 5 times',
      },
    );

    expect(hops.at(-1)?.note).toMatch(
      /^received 5 times, last: TableMissing: there is no table \(.*table\.ts:12\)$/,
    );
  });

  it('names the error of a function that failed', () => {
    const [hop] = hopsOf(invoked('client'), {
      type: 'function-failed',
      functionName: 'shop-dev-recordOrders',
      requestId: 'r1',
      durationMs: 3,
      errorType: 'TableMissing',
      errorMessage: 'there is no table',
      subjects: ['A'],
    });

    expect(hop).toMatchObject({
      verdict: 'failed',
      tone: 'failure',
      note: 'TableMissing: there is no table',
    });
  });

  it.each([
    [false, 'not delivered', 'trouble'],
    [true, 'undeliverable', 'failure'],
  ])('tells a failed delivery that is final (%s) from one that is not', (final, verdict, tone) => {
    const [hop] = hopsOf({
      type: 'delivery-failed',
      topic: 'shop-dev-OrderEvents',
      protocol: 'lambda',
      endpoint: 'shop-dev-emailCustomers',
      messageId: 'm1',
      attempt: 3,
      final,
      reason: 'throttled',
    });

    expect(hop).toMatchObject({ verdict, tone, note: 'attempt 3: throttled' });
  });

  it('shortens both names of the delivery that ended in a dead-letter queue', () => {
    const [hop] = hopsOf({
      type: 'message-dead-lettered',
      from: 'shop-dev-OrderEvents → shop-dev-AllOrdersQueue',
      deadLetterQueue: 'shop-dev-AllOrdersDeadLetters',
      messageId: 'm1',
      reason: 'The policy does not let sns.amazonaws.com send',
    });

    expect(hop).toMatchObject({
      from: 'OrderEvents → AllOrdersQueue',
      to: 'AllOrdersDeadLetters',
      verdict: 'dead letter',
    });
  });

  it.each<[string, Activity]>([
    ['a receive', { type: 'messages-received', queue: 'q', messageIds: [], subjects: [], by: 'x' }],
    ['a delete', { type: 'message-deleted', queue: 'q', messageId: 'm1' }],
    [
      'a batch that succeeded',
      { type: 'batch-answered', functionName: 'f', queue: 'q', size: 2, failedMessageIds: [] },
    ],
  ])('is not made of %s', (_case, activity) => {
    expect(hopsOf(activity)).toEqual([]);
  });
});
