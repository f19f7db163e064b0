import { parseArgs } from 'node:util';
import { runningService } from '../end-to-end/running-service.ts';
import { runFuzz } from './run-fuzz.ts';

const USAGE = `Usage: npm run fuzz -- [--requests 10000] [--seed 1] [--target http|aws]

Sends broken requests to the packaged service: to its HTTP API and the local pages (http) or to the
AWS services behind the endpoint (aws), both unless one is named. A 5xx is a finding.`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const requests = Number(values.requests);
const seed = Number(values.seed);
const targets = (['http', 'aws'] as const).filter(
  (target) => values.target === undefined || values.target === target,
);
if (values.help || targets.length === 0 || !(requests > 0) || !Number.isInteger(seed)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 2);
}

const SHOWN = 20;
for (const target of targets) {
  await using service = await runningService({ runEventSources: false });
  const { sent, statuses, findings } = await runFuzz(service.system, { requests, seed, target });
  console.log(`${target}: ${sent} requests, answers ${JSON.stringify(statuses)}`);
  for (const { request, answer } of findings.slice(0, SHOWN)) {
    console.log(`  ✗ ${answer}: ${JSON.stringify(request)}`);
  }
  if (findings.length > 0) process.exitCode = 1;
}
