import { queryString, type QueryTree } from '../../endpoint/query-protocol.ts';
import { readMessageAttributes } from '../message-attributes.ts';
import type { MessageInput } from '../message-input.ts';
import { publishBatch } from '../publish-batch.ts';
import type { PublishResult, Publisher } from '../publisher.ts';
import { invalidParameter } from '../sns-errors.ts';
import type { TopicRegistry } from '../topic-registry.ts';
import { treeList, type Action } from './action.ts';

export const publishActions = (
  registry: TopicRegistry,
  publisher: Publisher,
): Record<string, Action> => ({
  async Publish(parameters, caller) {
    const topic = registry.topic(targetOf(parameters));
    const input = readInput(parameters, 'messageAttributes');
    return publishedResult(await publisher.publish(topic, input, caller));
  },

  async PublishBatch(parameters, caller) {
    const topic = registry.topic(queryString(parameters, 'TopicArn'));
    const entries = treeList(parameters, 'PublishBatchRequestEntries').map((entry, index) => ({
      id: queryString(entry, 'Id') ?? '',
      input: readInput(entry, `publishBatchRequestEntries.${index + 1}.member.messageAttributes`),
    }));
    const results = await publishBatch(publisher, topic, entries, caller);
    const member = results.map(({ id, ...result }) => ({ Id: id, ...publishedResult(result) }));
    return { Failed: '', Successful: { member } };
  },
});

function targetOf(parameters: QueryTree): string {
  if (queryString(parameters, 'PhoneNumber') !== undefined) {
    throw invalidParameter('PhoneNumber Reason: the local runtime does not deliver by sms yet');
  }
  const arn = queryString(parameters, 'TopicArn') ?? queryString(parameters, 'TargetArn');
  if (arn === undefined || arn === '') {
    throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  }
  return arn;
}

function readInput(parameters: QueryTree, attributesPath: string): MessageInput {
  const subject = queryString(parameters, 'Subject');
  const messageStructure = queryString(parameters, 'MessageStructure');
  const messageGroupId = queryString(parameters, 'MessageGroupId');
  const messageDeduplicationId = queryString(parameters, 'MessageDeduplicationId');
  return {
    message: queryString(parameters, 'Message') ?? '',
    attributes: readMessageAttributes(parameters, attributesPath),
    ...(subject === undefined ? {} : { subject }),
    ...(messageStructure === undefined ? {} : { messageStructure }),
    ...(messageGroupId === undefined ? {} : { messageGroupId }),
    ...(messageDeduplicationId === undefined ? {} : { messageDeduplicationId }),
  };
}

const publishedResult = ({ messageId, sequenceNumber }: PublishResult): object => ({
  MessageId: messageId,
  ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
});
