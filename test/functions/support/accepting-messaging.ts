import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';

/** An SNS client that takes every entry; tests narrow it to refuse some. */
export function acceptingSns() {
  const sns = mockClient(SNSClient);
  sns.on(PublishBatchCommand).callsFake((input: PublishBatchCommand['input']) => ({
    Successful: input.PublishBatchRequestEntries?.map(({ Id }) => ({ Id })),
  }));
  return sns;
}

/** An SQS client that takes every message. */
export function acceptingSqs() {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).resolves({ MessageId: 'sent' });
  sqs.on(SendMessageBatchCommand).callsFake((input: SendMessageBatchCommand['input']) => ({
    Successful: input.Entries?.map(({ Id }) => ({ Id })),
  }));
  return sqs;
}

/** The bodies of what was published to a topic, in the order of publishing. */
export function published(sns: ReturnType<typeof acceptingSns>, topicArn: string): unknown[] {
  return sns
    .commandCalls(PublishBatchCommand, { TopicArn: topicArn })
    .flatMap((call) => call.args[0].input.PublishBatchRequestEntries ?? [])
    .map(({ Message = '' }): unknown => JSON.parse(Message));
}

/** The bodies of what was sent to queues in batches, in the order of sending. */
export function sentInBatches(sqs: ReturnType<typeof acceptingSqs>): unknown[] {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .flatMap((call) => call.args[0].input.Entries ?? [])
    .map(({ MessageBody = '' }): unknown => JSON.parse(MessageBody));
}
