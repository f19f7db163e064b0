import { parseArgs } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { findRedrivePath, nameOf, redrive, RedriveError } from './redrive-queue.ts';
import { findRunning } from './running-system.ts';

const USAGE = `Usage: npm run redrive -- <queue> [--aws]

Moves the messages of a dead-letter queue back to where they came from.

  <queue>  name or logical id of the dead-letter queue, or of the queue that it belongs to
  --aws    on AWS, with the credentials and region of the environment; else on the system that
           AWS_ENDPOINT_URL names or that npm start runs in this folder`;

const LOCAL_POLL_MS = 50;
const AWS_POLL_MS = 1_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { aws: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  const [queue, ...rest] = positionals;
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  if (queue === undefined || rest.length > 0) throw new RedriveError(USAGE);
  const client = values.aws ? new SQSClient() : await localClient();
  const path = await findRedrivePath(client, queue);
  const from = nameOf(path.deadLetterQueueArn);
  const to =
    path.destinationArn === undefined ? 'their source queues' : nameOf(path.destinationArn);
  if (path.waiting === 0) {
    console.log(`${from} is empty: there is nothing to move.`);
    return;
  }
  console.log(`${from} → ${to}: ${path.waiting} waiting`);
  const result = await redrive(client, path, {
    pollMs: values.aws ? AWS_POLL_MS : LOCAL_POLL_MS,
    onProgress: (moved) => console.log(`  ${moved} moved so far`),
  });
  if (result.status !== 'COMPLETED') {
    throw new RedriveError(
      `The redrive ended ${result.status} after ${result.moved} messages: ${result.failureReason ?? 'no reason was given'}`,
    );
  }
  console.log(`${result.moved} moved.`);
}

async function localClient(): Promise<SQSClient> {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? (await findRunning(process.cwd()))?.url;
  if (endpoint === undefined) {
    throw new RedriveError(
      'No local system runs in this folder (npm start) and AWS_ENDPOINT_URL names none; --aws means AWS',
    );
  }
  return new SQSClient({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.name === 'Error' ? error : error.message);
  process.exitCode = 1;
}
