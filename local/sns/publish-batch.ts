import type { Caller } from '../endpoint/caller.ts';
import {
  checkMessageInput,
  LARGEST_MESSAGE,
  sizeOfMessage,
  type MessageInput,
} from './message-input.ts';
import type { PublishResult, Publisher } from './publisher.ts';
import { batchError } from './sns-errors.ts';
import type { Topic } from './topic.ts';

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
  if (size > LARGEST_MESSAGE) throw batchError('BatchRequestTooLong');
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
