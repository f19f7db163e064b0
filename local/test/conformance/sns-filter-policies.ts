import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PatternError } from '../../patterns/errors.ts';
import { parseJson } from '../../json/parse-json.ts';
import { FilterPolicy } from '../../sns/model/filter-policy.ts';

/** A recorded case: a policy and what becomes of it, or of a message that meets it. */
const caseSchema = z.object({
  id: z.string(),
  scope: z.enum(['MessageAttributes', 'MessageBody']),
  policy: z.unknown(),
  expected: z.union([z.boolean(), z.enum(['accept', 'reject'])]),
  error: z.string().optional(),
  message: z
    .object({
      body: z.string().optional(),
      attributes: z
        .record(
          z.string(),
          z.object({
            DataType: z.string(),
            StringValue: z.string().optional(),
            BinaryValue: z.string().optional(),
          }),
        )
        .optional(),
    })
    .optional(),
});

type Case = z.infer<typeof caseSchema>;

/** Judges filter policies by the cases in the folder's `sns/*.json`. */
export async function run(
  casesFolder: string,
): Promise<{ passed: number; failed: string[]; skipped: string[] }> {
  const folder = join(casesFolder, 'sns');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const cases = files.flatMap((name) =>
    z.array(caseSchema).parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  );
  const failed = cases.flatMap((each) => {
    const outcome = outcomeOf(each);
    const right =
      outcome.result === each.expected && (outcome.error ?? '').includes(each.error ?? '');
    if (right) return [];
    const expected = `${each.expected} ${each.error ?? ''}`.trim();
    return [`${each.id}: ${outcome.result} ${outcome.error ?? ''} instead of ${expected}`];
  });
  return Promise.resolve({ passed: cases.length - failed.length, failed, skipped: [] });
}

function outcomeOf({ scope, policy, message, expected }: Case): {
  result: Case['expected'];
  error?: string;
} {
  try {
    const filter = new FilterPolicy(
      typeof policy === 'string' ? policy : JSON.stringify(policy),
      scope,
    );
    if (!message || typeof expected === 'string') return { result: 'accept' };
    const attributes = Object.entries(message.attributes ?? {}).map(([name, attribute]) => [
      name,
      {
        dataType: attribute.DataType,
        ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
        ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
      },
    ]);
    const filterable = {
      attributes: Object.fromEntries(attributes),
      body: () => parseJson(message.body ?? ''),
    };
    return { result: filter.accepts(filterable) };
  } catch (error) {
    if (error instanceof PatternError) return { result: 'reject', error: error.message };
    throw error;
  }
}
