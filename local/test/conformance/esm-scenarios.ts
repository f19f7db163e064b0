import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { SCENARIOS, type Scenario } from './esm-sqs-scenarios.ts';

const recordedCase = z.looseObject({
  id: z.string(),
  event_source: z.string(),
  lambda_returns: z.optional(z.unknown()),
});

/** What one recorded case says, for its scenario to be judged by. */
export type RecordedCase = z.infer<typeof recordedCase>;

/**
 * Judges the event source mappings by behaviour that was recorded against AWS. Cases of streams and
 * those without a scenario here are skipped by name.
 *
 * @param casesFolder holds `esm_scenarios_aws_validated.json`
 */
export async function run(
  casesFolder: string,
): Promise<{ passed: number; failed: string[]; skipped: string[] }> {
  const text = await readFile(join(casesFolder, 'esm_scenarios_aws_validated.json'), 'utf8');
  const cases = z.array(recordedCase).parse(JSON.parse(text));
  let passed = 0;
  const failed: string[] = [];
  const skipped: string[] = [];
  for (const one of cases) {
    const scenario: Scenario | undefined = SCENARIOS[one.id];
    if (!one.event_source.startsWith('sqs')) {
      skipped.push(`${one.id}: event source ${one.event_source}`);
    } else if (!scenario) {
      skipped.push(`${one.id}: no scenario`);
    } else {
      const difference = await judge(scenario, one);
      if (difference === undefined) passed++;
      else failed.push(`${one.id}: ${difference}`);
    }
  }
  return { passed, failed, skipped };
}

async function judge(scenario: Scenario, one: RecordedCase): Promise<string | undefined> {
  try {
    return await scenario(one);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
