import { join } from 'node:path';
import {
  InvalidParameterException,
  type MessageAttributeValue,
  PublishCommand,
  SetSubscriptionAttributesCommand,
} from '@aws-sdk/client-sns';
import { Narrator } from '../../labs/stage/narrator.ts';
import { Queue } from '../../labs/stage/queue.ts';
import { soon, withStage, type Stage } from '../../labs/stage/stage.ts';
import type { Exercise, Finding } from '../exercise.ts';

interface Order {
  readonly name: string;
  readonly state: string;
  readonly quantity: number;
  readonly test?: boolean;
  readonly wanted: boolean;
}

const ORDERS: readonly Order[] = [
  { name: '100 pieces, placed', state: 'Placed', quantity: 100, wanted: true },
  { name: '250 pieces, placed', state: 'Placed', quantity: 250, wanted: true },
  { name: '250 pieces, declined', state: 'Declined', quantity: 250, wanted: true },
  { name: '99 pieces, placed', state: 'Placed', quantity: 99, wanted: false },
  { name: '4 pieces, declined', state: 'Declined', quantity: 4, wanted: false },
  { name: '250 pieces, shipped', state: 'Shipped', quantity: 250, wanted: false },
  { name: '250 pieces, placed, a test', state: 'Placed', quantity: 250, test: true, wanted: false },
];

export const exercise: Exercise = {
  title: 'Write a filter policy',
  task:
    'The bulk desk wants to hear of orders of 100 pieces and more, when they are placed and when they\n' +
    'are declined, but not of test orders. A message has the attributes State (a string) and Quantity\n' +
    '(a number); the message of a test order also has the attribute Test, and others have none.\n' +
    'Write the filter policy of its subscription. More: docs/patterns/message-filtering.md',
  answerFile: 'exercises/filter-policy/filter-policy.json',
  grade: async (policy) => {
    let findings: readonly Finding[] = [];
    const narrator = new Narrator({ colour: false, pace: false, write: () => undefined });
    const service = join(import.meta.dirname, '..', '..', 'labs', 'message-filtering');
    const play = async (stage: Stage) => {
      findings = await tried(stage, policy);
    };
    await withStage({ service, play }, narrator);
    return findings;
  },
};

/** Gives one subscription of the topic the policy, publishes the orders, and looks what arrived. */
async function tried(stage: Stage, policy: string): Promise<Finding[]> {
  const { sns, sqs, nameOf } = stage;
  try {
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: nameOf('ExactSubscription'),
        AttributeName: 'FilterPolicy',
        AttributeValue: policy,
      }),
    );
  } catch (error) {
    if (!(error instanceof InvalidParameterException)) throw error;
    return [{ claim: `SNS takes the policy. It says: ${error.message}`, holds: false }];
  }
  const decided = decisions(stage, ORDERS.length);
  for (const order of ORDERS) {
    await sns.send(
      new PublishCommand({
        TopicArn: nameOf('Orders'),
        Message: order.name,
        MessageAttributes: attributes(order),
      }),
    );
  }
  await soon('a decision for each order', decided);
  const queue = new Queue(sqs, nameOf('ExactQueue'));
  const messages = await queue.receive({ atMost: 10 });
  const arrived = new Set(messages.map(({ Body }) => Body));
  return ORDERS.map(({ name, wanted }) => ({
    claim: `${name}: ${wanted ? 'is delivered' : 'is not delivered'}`,
    holds: arrived.has(name) === wanted,
  }));
}

/** Resolves when the subscription has got or not got that many messages. */
function decisions({ system }: Stage, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const stop = system.activity.subscribe((happened) => {
      const { type } = happened;
      if (type !== 'message-delivered' && type !== 'message-filtered-out') return;
      if (!happened.endpoint.endsWith('ExactQueue')) return;
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });
}

const attributes = ({ state, quantity, test }: Order): Record<string, MessageAttributeValue> => ({
  State: { DataType: 'String', StringValue: state },
  Quantity: { DataType: 'Number', StringValue: String(quantity) },
  ...(test === true && { Test: { DataType: 'String', StringValue: 'yes' } }),
});
