import type { MessageAttribute } from '../../sqs/queue.ts';
import type { Caller } from '../../endpoint/caller.ts';
import { queryMap, queryString, type QueryTree } from '../../endpoint/query-protocol.ts';
import { batchError, invalidParameter, missingMember } from '../errors.ts';
import { checkMessageInput, type MessageInput, sizeOfMessage } from '../model/message.ts';
import type { Publisher, PublishResult } from '../model/publisher.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import { maximumMessageSize, type Topic } from '../model/topic.ts';
import { type Action, treeList } from './action.ts';

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

/**
 * Reads `MessageAttributes.entry.N`; what they may hold is checked with the rest of the message.
 *
 * @param path how an error names this map: `messageAttributes`
 * @throws AwsError ValidationError when one has no data type
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
function readMessageAttributes(
  parameters: QueryTree,
  path: string,
): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, value] of Object.entries(queryMap(parameters, 'MessageAttributes'))) {
    const tree: QueryTree = typeof value === 'string' ? {} : value;
    const dataType = queryString(tree, 'DataType');
    if (dataType === undefined) throw missingMember(`${path}.${name}.member.dataType`);
    const stringValue = queryString(tree, 'StringValue');
    const binaryValue = queryString(tree, 'BinaryValue');
    attributes[name] = {
      dataType,
      ...(stringValue === undefined ? {} : { stringValue }),
      ...(binaryValue === undefined ? {} : { binaryValue }),
    };
  }
  return attributes;
}

const publishedResult = ({ messageId, sequenceNumber }: PublishResult): object => ({
  MessageId: messageId,
  ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
});

const MOST_ENTRIES = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** One message of a batch. */
export interface BatchEntry {
  id: string;
  input: MessageInput;
}

/**
 * Publishes up to ten messages that together are no longer than one may be. An entry that breaks a
 * rule refuses the whole batch.
 *
 * @throws AwsError
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export async function publishBatch(
  publisher: Publisher,
  topic: Topic,
  entries: BatchEntry[],
  caller: Caller,
): Promise<(PublishResult & { id: string })[]> {
  checkEntries(entries);
  const checked = entries.map(({ id, input }) => ({
    id,
    input,
    texts: checkMessageInput(topic.record, input),
  }));
  const size = entries.reduce((total, { input }) => total + sizeOfMessage(input), 0);
  if (size > maximumMessageSize(topic.record.attributes)) throw batchError('BatchRequestTooLong');
  const results = checked.map(async ({ id, input, texts }) => ({
    id,
    ...(await publisher.publishChecked(topic, input, texts, caller)),
  }));
  return Promise.all(results);
}

function checkEntries(entries: BatchEntry[]): void {
  if (entries.length === 0) throw batchError('EmptyBatchRequest');
  if (entries.length > MOST_ENTRIES) throw batchError('TooManyEntriesInBatchRequest');
  const ids = entries.map(({ id }) => id);
  if (!ids.every((id) => ENTRY_ID.test(id))) throw batchError('InvalidBatchEntryId');
  if (new Set(ids).size < ids.length) throw batchError('BatchEntryIdsNotDistinct');
}
