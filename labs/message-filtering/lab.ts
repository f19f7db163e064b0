import { type MessageAttributeValue, PublishCommand } from '@aws-sdk/client-sns';
import { Queue } from '../stage/queue.ts';
import { soon, type Lab, type Stage } from '../stage/stage.ts';

export const ATTRIBUTES: Readonly<Record<string, MessageAttributeValue>> = {
  State: { DataType: 'String', StringValue: 'Placed' },
  Product: { DataType: 'String', StringValue: 'pencil' },
  Quantity: { DataType: 'Number', StringValue: '4' },
  Client: { DataType: 'String', StringValue: '10.0.0.17' },
};
export const BODY = JSON.stringify({ Order: { Id: 1036, Lines: [{ Product: 'Pencil', Qty: 4 }] } });

/** Each subscription of serverless.yml: what its filter asks for, and whether the message passes. */
export const SUBSCRIPTIONS: readonly (readonly [
  name: string,
  filter: string,
  delivered: boolean,
])[] = [
  ['All', 'no filter', true],
  ['Exact', 'State is Placed', true],
  ['Other', 'State is Declined', false],
  ['Prefix', 'Product begins with "pen"', true],
  ['AnythingBut', 'State is anything but Declined or Cancelled', true],
  ['Numeric', 'Quantity from 1 to below 10', true],
  ['Exists', 'there is no Coupon', true],
  ['Cidr', 'Client is within 10.0.0.0/24', true],
  ['Either', 'State is Declined, or Product ends with "cil"', true],
  ['Body', 'in the body: a line with the product Pencil', true],
  ['Misspelt', '"Sate" is Placed', false],
];

export const lab: Lab = {
  title: 'Message filtering: who gets which message',
  page: 'docs/patterns/message-filtering.md',
  service: import.meta.dirname,
  about:
    'One message goes to a topic with eleven subscriptions, each with another filter policy. Then the\n' +
    'publisher forgets an attribute.',
  question: {
    asks: 'A filter policy has a spelling mistake in the attribute’s name: "Sate" instead of "State". What does SNS do?',
    answers: [
      'it refuses the policy',
      'it delivers everything, for the filter matches nothing',
      'it delivers nothing, and nobody is told',
    ],
    right: 2,
    because:
      'a policy may name attributes that no message has yet; one that is missing matches nothing, and what is filtered out is no failure',
  },
  play: async (stage) => {
    await everyFilter(stage);
    await forgottenAttribute(stage);
  },
};

async function everyFilter(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'One message, eleven filters',
    `Attributes: State=Placed, Product=pencil, Quantity=4, Client=10.0.0.17\nBody: ${BODY}`,
  );
  const delivered = await publish(stage, ATTRIBUTES);
  for (const [name, filter, expected] of SUBSCRIPTIONS) {
    const outcome = expected ? 'is delivered' : 'is not delivered';
    narrator.check(`${filter}: ${outcome}`, delivered.has(name), expected);
  }
}

async function forgottenAttribute(stage: Stage): Promise<void> {
  const { narrator } = stage;
  await narrator.step(
    'The publisher forgets State',
    'Nothing fails. The queues whose filter asks for State, in whatever way, just stay empty.',
  );
  const { State: _, ...attributes } = ATTRIBUTES;
  const delivered = await publish(stage, attributes);
  narrator.check('State is Placed: is not delivered', delivered.has('Exact'), false);
  narrator.check(
    'State is anything but …: is not delivered either, for there is no State',
    delivered.has('AnythingBut'),
    false,
  );
  narrator.check('no filter: is delivered', delivered.has('All'), true);
}

/** Publishes the message. @returns the names of the subscriptions whose queue it reached */
async function publish(
  { system, sns, sqs, nameOf }: Stage,
  attributes: Record<string, MessageAttributeValue>,
): Promise<ReadonlySet<string>> {
  const decided = new Promise<void>((resolve) => {
    let left = SUBSCRIPTIONS.length;
    const stop = system.activity.subscribe(({ type }) => {
      if (type !== 'message-delivered' && type !== 'message-filtered-out') return;
      if (--left > 0) return;
      stop();
      resolve();
    });
  });
  await sns.send(
    new PublishCommand({
      TopicArn: nameOf('Orders'),
      Message: BODY,
      MessageAttributes: attributes,
    }),
  );
  await soon('a decision for every subscription', decided);
  const delivered = new Set<string>();
  for (const [name] of SUBSCRIPTIONS) {
    const queue = new Queue(sqs, nameOf(`${name}Queue`));
    for (const message of await queue.receive()) {
      delivered.add(name);
      await queue.delete(message);
    }
  }
  return delivered;
}
