import { run as eventSourceMappings } from './esm-scenarios.ts';
import { run as filterPolicies } from './sns-filter-policies.ts';
import { run as snsSnapshots } from './sns-snapshots.ts';
import { run as errorCodes } from './sqs-error-codes.ts';

/**
 * Judges the local runtime by cases that others recorded, in a folder that is not part of this
 * project: `npm run conformance -- <folder>`. Exits 1 when a case fails.
 */
const suites = {
  'SQS error codes': errorCodes,
  'SNS filter policies': filterPolicies,
  'SNS requests and deliveries': snsSnapshots,
  'Event source mappings': eventSourceMappings,
};

const folder = process.argv[2];
if (folder === undefined) {
  console.error('Name the folder that holds the cases: npm run conformance -- <folder>');
  process.exit(2);
}

let failures = 0;
for (const [name, run] of Object.entries(suites)) {
  const { passed, failed, skipped } = await run(folder);
  console.log(`${name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  for (const failure of failed) console.log(`  failed  ${failure}`);
  for (const reason of skipped) console.log(`  skipped ${reason}`);
  failures += failed.length;
}
process.exit(failures === 0 ? 0 : 1);
