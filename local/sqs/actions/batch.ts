import { AwsError } from '../../endpoint/aws-error.ts';
import * as errors from '../errors.ts';
import { MAXIMUM_BATCH_ENTRIES } from '../limits.ts';
import { required } from './action.ts';

const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

interface Failure {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/**
 * Checks what must hold for a batch as a whole.
 *
 * @returns the entries with their ids
 * @throws AwsError EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
 *   BatchEntryIdsNotDistinct
 */
export function requireBatch<Entry extends { Id?: string | undefined }>(
  entries: Entry[],
  entryType: string,
): (Entry & { Id: string })[] {
  if (entries.length === 0) throw errors.emptyBatch(entryType);
  if (entries.length > MAXIMUM_BATCH_ENTRIES) {
    throw errors.tooManyBatchEntries(MAXIMUM_BATCH_ENTRIES, entries.length);
  }
  const identified = entries.map((entry, index) => ({
    ...entry,
    Id: required(entry.Id, `${entryType}.${index + 1}.Id`),
  }));
  const seen = new Set<string>();
  for (const { Id } of identified) {
    if (!ENTRY_ID.test(Id)) throw errors.invalidBatchEntryId();
    if (seen.has(Id)) throw errors.batchEntryIdsNotDistinct(Id);
    seen.add(Id);
  }
  return identified;
}

/** Runs each entry by itself; one that is refused fails alone. */
export function runBatch<Entry extends { Id: string }>(
  entries: Entry[],
  run: (entry: Entry) => object,
): { Successful: object[]; Failed?: Failure[] } {
  const successful: object[] = [];
  const failed: Failure[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.fault === 'Sender',
        Code: error.queryCode,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, ...(failed.length === 0 ? {} : { Failed: failed }) };
}
