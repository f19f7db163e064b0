import { describe, expect, it } from '@jest/globals';

import { incomingMessage } from '../../../shared/messaging/received-message.ts';
import { sqsRecord } from '../../functions/support/sample-record.ts';

const envelope = {
  Type: 'Notification',
  MessageId: 'm',
  TopicArn: 'arn:aws:sns:::t',
  Message: '{"inside":1}',
};

describe('a message from a topic', () => {
  it('is taken out of its envelope, with its attributes', () => {
    const MessageAttributes = { OrderId: { Type: 'String', Value: 'ORD-1' } };
    expect(incomingMessage(sqsRecord('1', { ...envelope, MessageAttributes }))).toEqual({
      body: '{"inside":1}',
      attributes: { OrderId: 'ORD-1' },
    });
    expect(incomingMessage(sqsRecord('1', envelope)).attributes).toEqual({});
  });

  it.each([
    ['raw', '{"inside":1}'],
    ['only like one in an envelope', '{"Type":"Notification"}'],
    ['no JSON', '"Notification" {'],
  ])('that is %s stays as it is, with the attributes of the queue', (_name, body) => {
    const record = sqsRecord('1', body, { attributes: { OrderId: 'ORD-2' } });
    expect(incomingMessage(record)).toEqual({ body, attributes: { OrderId: 'ORD-2' } });
  });
});
