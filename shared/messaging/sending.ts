import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

import { queueUrl } from '../configuration.ts';
import { asError, PermanentError, TransientError } from '../errors.ts';
import type { OrderEvent, UpdateCommand } from '../order/messages.ts';

/** A message as it leaves a service, whatever carries it. */
export interface OutgoingMessage {
  /** The event's or the command's id; a FIFO queue or topic drops a second one within 5 minutes. */
  readonly id: string;
  /** Also the group in which a FIFO queue or topic keeps the order of messages. */
  readonly orderId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `State` as an attribute is what the subscriptions' filter policies look at. */
export function eventMessage(event: OrderEvent): OutgoingMessage {
  return outgoing(event.id, event.order.orderId, event, {
    State: event.state,
    OrderId: event.order.orderId,
    CorrelationId: event.correlationId,
  });
}

export function commandMessage(command: UpdateCommand): OutgoingMessage {
  return outgoing(command.id, command.orderId, command, {
    OrderId: command.orderId,
    CorrelationId: command.correlationId,
  });
}

function outgoing(
  id: string,
  orderId: string,
  body: OrderEvent | UpdateCommand,
  attributes: Readonly<Record<string, string>>,
): OutgoingMessage {
  return { id, orderId, body: JSON.stringify(body), attributes };
}

interface StringAttribute {
  readonly DataType: 'String';
  readonly StringValue: string;
}

/** The form that both SQS and SNS take message attributes in. */
export function stringAttributes(
  attributes: Readonly<Record<string, string>>,
): Record<string, StringAttribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
}

/** What became of one message or item that was handed to AWS together with others. */
export type Delivery =
  { readonly delivered: true } | { readonly delivered: false; readonly error: Error };

export const DELIVERED: Delivery = { delivered: true };

export function undelivered(error: Error): Delivery {
  return { delivered: false, error };
}

/** SendMessageBatch and PublishBatch take ten entries at most. */
export const MAX_ENTRIES = 10;

/**
 * All entries of a PublishBatch together: 256 KiB. SQS takes 1 MiB since August 2025; one limit for
 * both keeps what is sent to a queue fit to be published too.
 * https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
 */
export const MAX_BATCH_BYTES = 256 * 1024;

/** What counts against the limit: the body and every attribute's name, type and value, in bytes. */
export function messageBytes({ body, attributes }: OutgoingMessage): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(`${name}String${value}`),
    Buffer.byteLength(body),
  );
}

/**
 * Cuts messages into batches that AWS takes, in their order. A message that is too large even by
 * itself is a batch of one, for AWS to refuse.
 */
export function intoBatches(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let batch: OutgoingMessage[] = [];
  let batchBytes = 0;
  for (const message of messages) {
    const bytes = messageBytes(message);
    const full = batch.length === MAX_ENTRIES || batchBytes + bytes > MAX_BATCH_BYTES;
    if (full && batch.length > 0) {
      batches.push(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push(message);
    batchBytes += bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** The part that the answers of SendMessageBatch and PublishBatch have in common. */
export interface BatchAnswer {
  readonly Successful?: readonly { readonly Id?: string | undefined }[] | undefined;
  readonly Failed?: readonly FailedEntry[] | undefined;
}

interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

/** An entry's id within its request is its place in the batch. */
export type SendBatch = (batch: readonly OutgoingMessage[]) => Promise<BatchAnswer>;

/**
 * Sends messages in batches and says of each what became of it, in the order they were given. A
 * request that fails takes only its own batch with it; what the answer does not name as successful
 * counts as failed.
 */
export async function deliverInBatches(
  messages: readonly OutgoingMessage[],
  sendBatch: SendBatch,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (const batch of intoBatches(messages)) {
    deliveries.push(...(await deliverBatch(batch, sendBatch)));
  }
  return deliveries;
}

async function deliverBatch(
  batch: readonly OutgoingMessage[],
  sendBatch: SendBatch,
): Promise<readonly Delivery[]> {
  let answer: BatchAnswer;
  try {
    answer = await sendBatch(batch);
  } catch (error) {
    return batch.map(() => undelivered(asError(error)));
  }
  const successful = new Set(answer.Successful?.map(({ Id }) => Id));
  return batch.map((message, place) => {
    const id = String(place);
    if (successful.has(id)) return DELIVERED;
    return undelivered(
      entryError(
        message,
        answer.Failed?.find((entry) => entry.Id === id),
      ),
    );
  });
}

/** `SenderFault` is how AWS says whether the entry itself is at fault. */
function entryError(message: OutgoingMessage, failed: FailedEntry | undefined): Error {
  const identifiers = { orderId: message.orderId, messageId: message.id };
  const text = failed
    ? `An entry was refused: ${failed.Code ?? 'no code'} (${failed.Message ?? 'no message'})`
    : 'The answer says nothing about an entry';
  return failed?.SenderFault
    ? new PermanentError(text, identifiers)
    : new TransientError(text, identifiers);
}

/** OrderUpdatesQueue.fifo: how any service asks buying for a change of an order's state. */
export class CommandQueue {
  static readonly variable = /* @__PURE__ */ queueUrl(
    'ORDER_UPDATES_QUEUE_URL',
    'takes requests to change an order',
  );

  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#queueUrl = url;
  }

  async send(commands: readonly UpdateCommand[]): Promise<readonly Delivery[]> {
    const messages = commands.map((command) => commandMessage(command));
    return deliverInBatches(messages, (batch) => this.#sendBatch(batch));
  }

  /** @throws the error of a command that was not taken */
  async sendOne(command: UpdateCommand): Promise<void> {
    for (const delivery of await this.send([command])) {
      if (!delivery.delivered) throw delivery.error;
    }
  }

  #sendBatch(batch: readonly OutgoingMessage[]) {
    return this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#queueUrl,
        Entries: batch.map((message, place) => ({
          Id: String(place),
          MessageBody: message.body,
          MessageGroupId: message.orderId,
          MessageDeduplicationId: message.id,
          MessageAttributes: stringAttributes(message.attributes),
        })),
      }),
    );
  }
}
