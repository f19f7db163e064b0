import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { parseJson } from '../json/parse-json.ts';
import {
  nameOf,
  type RedriveClients,
  type RedrivePlan,
  type RedriveWay,
  urlOfQueue,
} from './redrive-plan.ts';
import type { KeptLetter, RedriveResult, RedriveSettings } from './redrive-queue.ts';

/** A letter could not be brought back to work and stays where it is. */
export class LetterKeptError extends Error {
  override readonly name = 'LetterKeptError';
}

/** Longer than a function may run, so that nobody takes up a letter that is worked on. */
const HIDDEN_SECONDS = 1_000;
const LONG_POLLING_SECONDS = 1;
const MOST_MESSAGES = 10;

type LetterWay = Exclude<RedriveWay, { kind: 'move' }>;

/**
 * Takes up the letters one by one and deletes each after it was taken over. A letter that was not is
 * shown again when all have been tried.
 */
export async function redriveLetters(
  clients: RedriveClients,
  { way, deadLetterQueueUrl: QueueUrl }: RedrivePlan & { way: LetterWay },
  { rate, onProgress }: RedriveSettings,
): Promise<RedriveResult> {
  const { sqs } = clients;
  const takeOver = await takingOver(clients, way);
  const kept: (KeptLetter & { handle: string | undefined })[] = [];
  let moved = 0;
  for (;;) {
    const { Messages: letters = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: rate === undefined ? MOST_MESSAGES : 1,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: LONG_POLLING_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (letters.length === 0) break;
    for (const letter of letters) {
      const started = performance.now();
      const { MessageId: messageId = '', ReceiptHandle: handle } = letter;
      try {
        await takeOver(letter);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }));
        moved += 1;
      } catch (error) {
        if (!(error instanceof LetterKeptError)) throw error;
        kept.push({ messageId, reason: error.message, handle });
      }
      onProgress(`${moved} taken over, ${kept.length} kept so far`);
      if (rate !== undefined) await untilNext(started, rate);
    }
  }
  for (const { handle } of kept) {
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: handle,
        VisibilityTimeout: 0,
      }),
    );
  }
  return { moved, kept: kept.map(({ messageId, reason }) => ({ messageId, reason })) };
}

async function untilNext(started: number, rate: number): Promise<void> {
  const rest = 1_000 / rate - (performance.now() - started);
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
}

async function takingOver(
  { sqs, lambda }: RedriveClients,
  way: LetterWay,
): Promise<(letter: Message) => Promise<void>> {
  if (way.kind === 'invoke') {
    return async ({ Body = '' }) => {
      const { functionArn, event } = invocationOf(Body, way.functionArnOfTopic);
      await invoke(lambda, functionArn, event);
    };
  }
  const QueueUrl = await urlOfQueue(sqs, way.destinationArn);
  return async ({ Body, MessageAttributes, Attributes }) => {
    const { MessageGroupId, MessageDeduplicationId } = Attributes ?? {};
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: Body,
        MessageAttributes,
        MessageGroupId,
        MessageDeduplicationId,
      }),
    );
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const invocationRecord = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.record(z.string(), z.unknown()),
});

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const notification = z.looseObject({
  Type: z.literal('Notification'),
  TopicArn: z.string(),
  SigningCertURL: z.string().optional(),
  UnsubscribeURL: z.string().optional(),
  Subject: z.string().nullable().default(null),
  MessageAttributes: z.record(z.string(), z.unknown()).default({}),
});

/**
 * What a letter asks of which function.
 *
 * @param functionArnOfTopic whom SNS would have invoked
 * @throws LetterKeptError for a letter that is neither a record nor a notification
 */
export function invocationOf(
  body: string,
  functionArnOfTopic: ReadonlyMap<string, string>,
): { functionArn: string; event: object } {
  const json = parseJson(body);
  const record = invocationRecord.safeParse(json);
  if (record.success) {
    const { requestContext, requestPayload } = record.data;
    return { functionArn: requestContext.functionArn, event: requestPayload };
  }
  const envelope = notification.safeParse(json);
  if (!envelope.success) {
    throw new LetterKeptError(
      'It is neither the record of a failed invocation (with requestContext.functionArn and requestPayload) nor a notification of SNS',
    );
  }
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope.data;
  const functionArn = functionArnOfTopic.get(rest.TopicArn);
  if (functionArn === undefined) {
    throw new LetterKeptError(
      `No function that has this dead-letter queue subscribes to ${nameOf(rest.TopicArn)}`,
    );
  }
  const Sns = { ...rest, SigningCertUrl: SigningCertURL, UnsubscribeUrl: UnsubscribeURL };
  // The arn of the subscription stands at the end of the address to cancel it at.
  const EventSubscriptionArn = /SubscriptionArn=(.*)$/.exec(UnsubscribeURL ?? '')?.[1] ?? '';
  return {
    functionArn,
    event: {
      Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn, Sns }],
    },
  };
}

/** Waits for the answer: whether the function succeeded decides whether the letter may go. */
async function invoke(client: LambdaClient, functionArn: string, event: object): Promise<void> {
  const { FunctionError: failed, Payload: payload } = await client.send(
    new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }),
  );
  if (failed === undefined) return;
  const said = z
    .object({ errorMessage: z.string() })
    .safeParse(parseJson(payload === undefined ? '' : Buffer.from(payload).toString()));
  throw new LetterKeptError(
    `${nameOfFunction(functionArn)} failed again: ${said.data?.errorMessage ?? failed}`,
  );
}

const nameOfFunction = (arn: string): string => arn.split(':')[6] ?? arn;
