import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { startSns } from '../sns/running-sns.ts';
import { ARNS, REDRIVE_REQUEST, REQUESTS, type RecordedRequest } from './sns-error-requests.ts';
import { delivered, RECORDED_MESSAGES } from './sns-recorded-messages.ts';

const outcomeSchema = z.looseObject({
  Error: z.looseObject({ Code: z.string(), Message: z.string() }).optional(),
});

const answerSchema = z.looseObject({
  ErrorResponse: z.looseObject({ Error: outcomeSchema.shape.Error }).optional(),
});

/** System attributes that a topic decides about; a queue sets the others. */
const DECIDED = ['MessageGroupId', 'MessageDeduplicationId'];

/** Judges refusals and delivered messages by what was recorded in `events/localstack-snapshots`. */
export async function run(
  casesFolder: string,
): Promise<{ passed: number; failed: string[]; skipped: string[] }> {
  const recording = (file: string, path: (string | number)[]): unknown => {
    const name = join(casesFolder, 'events', 'localstack-snapshots', `${file}.json`);
    return path.reduce<unknown>(memberOf, JSON.parse(readFileSync(name, 'utf8')));
  };
  const failed: string[] = [];
  for (const { request, answer } of await answers()) {
    const { file, key } = request;
    const expected = outcomeSchema.parse(recording(file, [key])).Error;
    const right = expected?.Code === answer?.Code && expected?.Message === answer?.Message;
    if (!right) failed.push(`${file} ${key}: ${answer?.Message} instead of ${expected?.Message}`);
  }
  for (const recorded of RECORDED_MESSAGES) {
    const expected = recording(recorded.file, recorded.path);
    const fault = difference(relevant(expected), await delivered(recorded), 'message');
    if (fault) failed.push(`${recorded.file}: ${fault}`);
  }
  const total = REQUESTS.length + 1 + RECORDED_MESSAGES.length;
  return { passed: total - failed.length, failed, skipped: [] };
}

async function answers() {
  const sns = await startSns();
  await sns.service.ensureTopic('standard', {});
  await sns.service.ensureTopic('topic.fifo', { FifoTopic: 'true' });
  const { arn: SubscriptionArn } = await sns.service.ensureSubscription({
    topicArn: ARNS.fifoTopic,
    protocol: 'sqs',
    endpoint: ARNS.fifoQueue,
    attributes: {},
  });
  const { parameters } = REDRIVE_REQUEST;
  const redrive = { ...REDRIVE_REQUEST, parameters: { ...parameters, SubscriptionArn } };
  const results = [];
  for (const request of [...REQUESTS, redrive]) {
    results.push({ request, answer: await ask(sns.url, request) });
  }
  await sns.stop();
  return results;
}

async function ask(url: string, { parameters }: RecordedRequest) {
  const scope = 'Credential=test/20260101/us-east-1/sns/aws4_request';
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}` },
    body: new URLSearchParams(parameters),
  });
  const parsed: unknown = new XMLParser().parse(await answer.text());
  return answerSchema.parse(parsed).ErrorResponse?.Error;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const memberOf = (value: unknown, key: string | number): unknown =>
  isObject(value) ? value[key] : undefined;

/** The parts of a recorded message that a topic makes. */
function relevant(message: unknown): Record<string, unknown> {
  const attributes = memberOf(message, 'Attributes');
  const decided = DECIDED.filter((name) => memberOf(attributes, name) !== undefined);
  const messageAttributes = memberOf(message, 'MessageAttributes');
  return {
    Body: memberOf(message, 'Body'),
    ...(messageAttributes === undefined ? {} : { MessageAttributes: messageAttributes }),
    Attributes: Object.fromEntries(decided.map((name) => [name, memberOf(attributes, name)])),
  };
}

/** Where two values differ; what the recording redacted agrees with any text. */
function difference(expected: unknown, actual: unknown, path: string): string | undefined {
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names]
      .map((name) => difference(expected[name], actual[name], `${path}.${name}`))
      .find((fault) => fault !== undefined);
  }
  const redacted =
    typeof expected === 'string' && typeof actual === 'string' && /<[^>]+>|^date$/.test(expected);
  if (redacted || expected === actual) return undefined;
  return `${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}
