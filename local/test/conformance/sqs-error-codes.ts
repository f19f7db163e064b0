import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { SqsFixture } from '../sqs/sqs-fixture.ts';
import { ManualClock } from '../manual-clock.ts';
import { RawSqs, type Refusal } from './sqs-raw-client.ts';
import { SCENARIOS } from './sqs-error-scenarios.ts';

const recordedStep = z.object({
  step: z.string(),
  error: z.object({
    Code: z.string(),
    Message: z.string(),
    QueryErrorCode: z.string().optional(),
    Type: z.string(),
  }),
  http: z.number(),
});
const recording = z.object({ errors: z.record(z.string(), z.array(recordedStep)) });

/** `test_name[variant]`, where the variant may begin with the protocol. */
const TEST_NAME = /^(\w+?)(?:\[(?:(sqs|sqs_query)(?:-|(?=\])))?([\s\S]*)\])?$/;

/**
 * Replays refusals that were recorded against AWS and compares code, message, status and fault.
 *
 * @param casesFolder holds sqs_error_codes_aws_validated.json
 */
export async function run(
  casesFolder: string,
): Promise<{ passed: number; failed: string[]; skipped: string[] }> {
  const path = join(casesFolder, 'sqs_error_codes_aws_validated.json');
  const { errors } = recording.parse(JSON.parse(await readFile(path, 'utf8')));
  const verdict = { passed: 0, failed: [] as string[], skipped: [] as string[] };
  for (const [test, steps] of Object.entries(errors)) {
    const [, name = test, , variant = ''] = TEST_NAME.exec(test) ?? [];
    const scenario = SCENARIOS[name];
    for (const { step, error, http } of steps) {
      const request = scenario?.[step];
      if (!request) {
        verdict.skipped.push(`${test} ${step}: no request is known for it`);
        continue;
      }
      // Recordings that carry a second code were made over the JSON protocol.
      const protocol = error.QueryErrorCode === undefined ? 'query' : 'json';
      const clock = new ManualClock();
      const fixture = await SqsFixture.start({ clock });
      try {
        const sqs = new RawSqs(fixture.url, protocol);
        const { refusal, placeholders = {} } = await request({ sqs, clock, variant });
        const expected: Refusal = {
          code: error.Code,
          message: fillIn(error.Message, placeholders),
          shape: error.QueryErrorCode,
          fault: error.Type,
          status: http,
        };
        if (JSON.stringify(refusal) === JSON.stringify(expected)) verdict.passed += 1;
        else {
          verdict.failed.push(
            `${test} ${step}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(refusal)}`,
          );
        }
      } finally {
        await fixture.stop();
      }
    }
  }
  return verdict;
}

/** Recordings name what differs from run to run in angle brackets. */
function fillIn(message: string, placeholders: Record<string, string>): string {
  return Object.entries(placeholders).reduce(
    (text, [name, value]) => text.replaceAll(`<${name}>`, value),
    message,
  );
}
