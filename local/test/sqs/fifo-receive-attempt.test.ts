import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../manual-clock.ts';
import { bodiesOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

describe('a receive request attempt id', () => {
  let sqs: SqsFixture;
  let clock: ManualClock;
  let url: string;
  beforeEach(async () => {
    clock = new ManualClock();
    sqs = await SqsFixture.start({ clock });
    url = await sqs.createQueue('orders.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
    });
    for (const MessageBody of ['a1', 'a2', 'b1']) {
      await sqs.client.send(
        new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId: MessageBody[0] }),
      );
    }
  });
  afterEach(() => sqs.stop());

  const attempt = () =>
    sqs.receive(url, { MaxNumberOfMessages: 2, ReceiveRequestAttemptId: 'attempt' });

  it('gets the same messages again, and hides them anew', async () => {
    const first = await attempt();
    clock.advance(20_000);

    const again = await attempt();

    expect(again).toEqual(first);
    clock.advance(20_000);
    expect(bodiesOf(await sqs.receive(url))).toEqual(['b1']);
  });

  it('gets others once one of the messages was deleted', async () => {
    const [first] = await attempt();
    await sqs.client.send(
      new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }),
    );

    expect(bodiesOf(await attempt())).toEqual(['b1']);
  });

  it('gets others once one of the messages was extended', async () => {
    const [first] = await attempt();
    clock.advance(1_000);
    await sqs.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 30,
      }),
    );

    expect(bodiesOf(await attempt())).toEqual(['b1']);
  });

  it('has no meaning on a standard queue', async () => {
    const standard = await sqs.createQueue('orders');

    const refusal = await refusalOf(sqs.receive(standard, { ReceiveRequestAttemptId: 'attempt' }));

    expect(refusal.message).toMatch(/not valid for this queue type\.$/);
  });
});
