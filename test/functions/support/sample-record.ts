import type { SNSEvent, SQSRecord } from 'aws-lambda';

interface RecordOptions {
  readonly queue?: string;
  readonly group?: string;
  readonly receiveCount?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A record as Lambda gets it from SQS; an object is sent as JSON, a text as it is. */
export function sqsRecord(
  messageId: string,
  body: object | string,
  { queue = 'OrderIntakeQueue', group, receiveCount = 1, attributes = {} }: RecordOptions = {},
): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '1795340000000',
      SenderId: 'AROAEXAMPLE:test',
      ApproximateFirstReceiveTimestamp: '1795340000001',
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, stringValue]) => [
        name,
        { stringValue, dataType: 'String' },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:123456789012:order-messaging-test-${queue}`,
    awsRegion: 'us-east-1',
  };
}

export function fifoRecord(
  messageId: string,
  group: string,
  body: object | string,
  receiveCount = 1,
): SQSRecord {
  return sqsRecord(messageId, body, { queue: 'OrderUpdatesQueue.fifo', group, receiveCount });
}

/** An event as Lambda gets it from SNS. */
export function snsEvent(
  message: object | string,
  attributes: Readonly<Record<string, string>> = {},
): SNSEvent {
  const topic = 'arn:aws:sns:us-east-1:123456789012:order-messaging-test-OrderEvents';
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSource: 'aws:sns',
        EventSubscriptionArn: `${topic}:subscription`,
        Sns: {
          SignatureVersion: '1',
          Timestamp: '2026-11-22T09:30:06.000Z',
          Signature: 'EXAMPLE',
          SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem',
          MessageId: 'notification-1',
          Message: typeof message === 'string' ? message : JSON.stringify(message),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, Value]) => [name, { Type: 'String', Value }]),
          ),
          Type: 'Notification',
          UnsubscribeUrl: 'https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe',
          TopicArn: topic,
          Subject: '',
        },
      },
    ],
  };
}
