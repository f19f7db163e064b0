import type { SoakResult } from './run-scenario.ts';
import type { Scenario } from './scenarios.ts';

/** What the second half of the orders may add to the memory, beyond its share. */
const GROWTH_MB = 300;

/** What is wrong with a result, in words; empty when nothing is. */
export function failuresOf(scenario: Scenario, result: SoakResult): string[] {
  const { accepted, lost, doubled, ordersByMails, deadLetters, megabytes, struck } = result;
  const failures: string[] = [];
  if (accepted === 0) failures.push('no order was accepted');
  if (struck === 0 && scenario.name !== 'nothing' && scenario.kills === 0) {
    failures.push('no fault struck');
  }
  if (lost.length > 0) failures.push(`lost: ${lost.join(', ')}`);
  if (doubled.length > 0) failures.push(`doubled: ${doubled.join(', ')}`);
  const tooManyMails = ordersByMails.slice(scenario.mailsPerOrder + 1);
  if (tooManyMails.some((count) => count > 0)) {
    failures.push(
      `orders with more than ${scenario.mailsPerOrder} mails: ${tooManyMails.join(', ')}`,
    );
  }
  // What was mailed just before a kill was not told any more; the table knows (see `lost`).
  if (scenario.kills === 0 && (ordersByMails[0] ?? 0) > 0) {
    failures.push(`${ordersByMails[0]} orders without a mail`);
  }
  if (deadLetters > scenario.deadLetters) {
    failures.push(`${deadLetters} dead letters instead of ${scenario.deadLetters}`);
  }
  if (megabytes[1] > megabytes[0] * 1.5 + GROWTH_MB) {
    failures.push(`memory grew from ${megabytes[0].toFixed(0)} to ${megabytes[1].toFixed(0)} MB`);
  }
  return failures;
}
