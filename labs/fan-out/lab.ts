import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { Queue } from '../stage/queue.ts';
import { orderIdOf, pencils } from '../stage/shop.ts';
import type { Lab, Stage } from '../stage/stage.ts';

const NEW_QUEUE = 'lab-loyalty-points';

export const lab: Lab = {
  title: 'Fan-out: one more subscriber, while the system runs',
  page: 'docs/patterns/sns-fan-out.md',
  about:
    'The order system publishes each state of an order once. A new service wants to hear of them too:\n' +
    'it brings a queue of its own, and nobody else is changed.',
  question: {
    asks: 'The new queue is subscribed to the topic, but its queue policy was forgotten. Somebody places an order. Who notices?',
    answers: [
      'placing the order fails',
      'nobody but the topic: the delivery fails, and every other subscriber gets the event',
      'all deliveries wait until the queue can be reached',
    ],
    right: 1,
    because:
      'each subscription is delivered to on its own; what it refuses is lost for it, unless it has a dead-letter queue, which is why an alarm belongs on failed notifications',
  },
  play: async (stage) => {
    const { arn, queue } = await subscribe(stage);
    await withoutPolicy(stage, queue);
    await withPolicy(stage, queue, arn);
  },
};

async function subscribe({
  narrator,
  sqs,
  sns,
  nameOf,
}: Stage): Promise<{ arn: string; queue: Queue }> {
  await narrator.step(
    'A queue is created and subscribed',
    'The subscription is all that the topic learns of the new service.',
  );
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: NEW_QUEUE }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const arn = Attributes?.QueueArn ?? '';
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: nameOf('OrderEvents'),
      Protocol: 'sqs',
      Endpoint: arn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  narrator.check('the subscription stands', SubscriptionArn?.startsWith('arn:aws:sns:'), true);
  return { arn, queue: new Queue(sqs, QueueUrl) };
}

async function withoutPolicy(stage: Stage, queue: Queue): Promise<void> {
  const { narrator, shop, system } = stage;
  await narrator.step(
    'The queue policy was forgotten',
    'SNS may not send to a queue that does not admit it. The order goes its usual way.',
  );
  const failed = system.activity.waitFor(
    'delivery-failed',
    ({ endpoint }) => endpoint === NEW_QUEUE,
  );
  const answer = await shop.place(pencils('customer-1'));
  const orderId = orderIdOf(answer);
  const { reason } = await failed;
  narrator.say(`   the delivery failed: ${reason}`);
  await shipped(stage, orderId);
  narrator.check('the order is Shipped all the same', await stateOf(stage, orderId), 'Shipped');
  narrator.check('the new queue got nothing', await queue.receive(), []);
}

async function withPolicy(stage: Stage, queue: Queue, arn: string): Promise<void> {
  const { narrator, shop, sqs, nameOf } = stage;
  await narrator.step(
    'The queue admits exactly its topic',
    'The policy allows sns.amazonaws.com to send, and only in the name of this topic.',
  );
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': nameOf('OrderEvents') } },
      },
    ],
  };
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl: queue.url,
      Attributes: { Policy: JSON.stringify(policy) },
    }),
  );
  const answer = await shop.place(pencils('customer-2'));
  const orderId = orderIdOf(answer);
  await shipped(stage, orderId);
  const messages = await queue.receive({ atMost: 10 });
  const states = messages.map(
    ({ MessageAttributes = {} }) => MessageAttributes['State']?.StringValue ?? '',
  );
  narrator.say(`   the new queue got: ${states.join(', ')}`);
  narrator.check('the new queue got every state of the new order', sorted(states), [
    'Approved',
    'Placed',
    'Shipped',
  ]);
  const timeline = statesInTimeline(stage, orderId);
  narrator.check('the timeline got them as before', sorted(timeline), [
    'Approved',
    'Placed',
    'Shipped',
  ]);
}

/** The states of an order that were written to the timeline, another subscriber of the topic. */
const statesInTimeline = ({ system: { activity } }: Stage, orderId: string): string[] =>
  activity
    .since()
    .flatMap((happened) =>
      happened.type === 'item-written' && happened.table.endsWith('-OrderTimelineTable')
        ? [happened.key ?? '']
        : [],
    )
    .filter((key) => key.startsWith(orderId))
    .map((key) => key.slice(key.lastIndexOf(':') + 1));

/** The mail is the last that becomes of an order; its timeline may be written a moment later. */
async function shipped({ system: { activity } }: Stage, orderId: string): Promise<void> {
  await Promise.all([
    activity.waitFor('email-sent', ({ subjectLine }) => subjectLine.includes(orderId)),
    activity.waitFor(
      'item-written',
      ({ table, key }) =>
        table.endsWith('-OrderTimelineTable') && key?.endsWith(`${orderId}:Shipped`) === true,
    ),
  ]);
}

const sorted = (words: readonly string[]): string[] =>
  words.toSorted((left, right) => left.localeCompare(right));

async function stateOf({ shop }: Stage, orderId: string): Promise<unknown> {
  const { body } = await shop.read(orderId);
  return typeof body === 'object' && body !== null && 'state' in body ? body.state : undefined;
}
