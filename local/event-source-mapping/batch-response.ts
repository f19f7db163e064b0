import * as z from 'zod';

const itemFailures = z.object({
  batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.string().min(1) }))),
});

/**
 * Reads which messages of a batch a function reports as failed. An answer that says nothing
 * (`null`, an empty string, list or object, an empty or null list of failures) is a success of all;
 * one that can't be read, or names a message that is not in the batch, a failure of all.
 *
 * @param payload the function's answer as JSON text
 * @returns the ids of the failed messages
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedIdsOf(payload: string, messageIds: readonly string[]): Set<string> {
  const answer: unknown = JSON.parse(payload);
  if (answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)) {
    return new Set();
  }
  const { success, data } = itemFailures.safeParse(answer);
  if (!success) return new Set(messageIds);
  const failed = new Set((data.batchItemFailures ?? []).map((item) => item.itemIdentifier));
  return [...failed].every((id) => messageIds.includes(id)) ? failed : new Set(messageIds);
}
