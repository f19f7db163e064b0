import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SendMessageCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { bodiesOf, refusalOf, SqsFixture } from './sqs-fixture.ts';

const attribute = (DataType: string, StringValue?: string) => ({
  MessageAttributes: { a: { DataType, StringValue } },
});
const named = (name: string) => ({
  MessageAttributes: { [name]: { DataType: 'String', StringValue: 'v' } },
});
const many = (count: number) => ({
  MessageAttributes: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `a${index}`,
      { DataType: 'Number', StringValue: '1' },
    ]),
  ),
});

describe('what SendMessage accepts', () => {
  let sqs: SqsFixture;
  let standard: string;
  let fifo: string;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    standard = await sqs.createQueue('orders');
    fifo = await sqs.createQueue('orders.fifo', { FifoQueue: 'true' });
  });
  afterEach(() => sqs.stop());

  const send = (QueueUrl: string, input: Partial<SendMessageCommandInput>) =>
    sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'body', ...input }));

  it.each([
    ['a control character', { MessageBody: 'a\u0001b' }, /^Invalid binary character '#x1' was/],
    ['a non-character', { MessageBody: 'a\uffff' }, /'#xFFFF'/],
    ['no body', { MessageBody: '' }, /^The request must contain the parameter MessageBody\.$/],
    ['a negative delay', { DelaySeconds: -1 }, /^Value -1 for parameter DelaySeconds is invalid/],
    ['a long delay', { DelaySeconds: 901 }, /DelaySeconds must be >= 0 and <= 900\.$/],
    ['a deduplication id', { MessageDeduplicationId: 'x' }, /not valid for this queue type\.$/],
    ['a group id with a space', { MessageGroupId: 'a b' }, /alphanumeric and punctuation/],
    ['an unknown type', attribute('string', 'v'), /^The type of message \(user\) attribute 'a' is/],
    ['an empty type', attribute('', 'v'), /non-empty attribute type/],
    ['an empty value', attribute('String', ''), /must contain a non-empty value of type 'String'/],
    ['a number that is none', attribute('Number', 'ten'), /^Can't cast the value of message/],
    ['a bad character in a value', attribute('String', '\u0002'), /'#x2'/],
    ['eleven attributes', many(11), /^Number of message attributes \[11\] exceeds .* \[10\]\.$/],
    ['a reserved name', named('AWS.x'), /reserved prefixes/],
    ['a name with two periods', named('a..b'), /periods in succession/],
    ['a name that ends in a period', named('a.'), /can't start or end with a period/],
    ['a name with a space', named('a b'), /is invalid/],
    ['a name too long', named('n'.repeat(257)), /must be shorter than 256/],
  ])('refuses %s', async (_case, input, message) => {
    const refusal = await refusalOf(send(standard, input));

    expect(refusal.message).toMatch(message);
    expect(await sqs.receive(standard)).toEqual([]);
  });

  it.each([
    ['no group', { MessageDeduplicationId: 'x' }, /must contain the parameter MessageGroupId/],
    ['no deduplication id', { MessageGroupId: 'g' }, /either have ContentBasedDeduplication/],
    [
      'a delay',
      { MessageGroupId: 'g', MessageDeduplicationId: 'x', DelaySeconds: 1 },
      /not valid for this queue type/,
    ],
  ])('refuses %s on a FIFO queue', async (_case, input, message) => {
    const refusal = await refusalOf(send(fifo, input));

    expect(refusal.message).toMatch(message);
  });

  it('counts attributes in the size of a message', async () => {
    const name = 'name';
    const value = 'v'.repeat(1_000);
    const room = 1_048_576 - name.length - 'String'.length - value.length;
    const MessageAttributes = { [name]: { DataType: 'String', StringValue: value } };

    const refusal = await refusalOf(
      send(standard, { MessageBody: 'x'.repeat(room + 1), MessageAttributes }),
    );
    await send(standard, { MessageBody: 'x'.repeat(room), MessageAttributes });

    expect(refusal.message).toBe(
      'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    );
  });

  it('carries every character that XML can', async () => {
    const MessageBody = 'tab\t, lines\r\n, <&>"\', é, \u{1f600}, \ufffd';
    await send(standard, { MessageBody });

    const messages = await sqs.receive(standard);

    expect(bodiesOf(messages)).toEqual([MessageBody]);
  });
});
