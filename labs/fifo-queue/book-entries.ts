import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * Books entries in the order of their account. After one that fails, the later ones of the same
 * account go back too: booked now, they would have overtaken it.
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const blocked = new Set<string>();
  const failed: SQSRecord[] = [];
  for (const record of Records) {
    const account = record.attributes.MessageGroupId ?? '';
    if (blocked.has(account) || !book(account, record.body)) {
      blocked.add(account);
      failed.push(record);
    }
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** The line in the function's log is the book. */
function book(account: string, entry: string): boolean {
  const amount = Number(entry);
  if (!Number.isFinite(amount)) return false;
  console.log(`booked ${account} ${amount}`);
  return true;
}
