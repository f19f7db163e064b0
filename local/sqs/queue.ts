import type { Caller } from '../endpoint/caller.ts';

/** What a sender hands to a queue. */
export interface OutgoingMessage {
  body: string;
  attributes?: Record<string, MessageAttribute> | undefined;
  /** 0–900; the queue's own delay when absent. Standard queues only. */
  delaySeconds?: number | undefined;
  /** FIFO queues: required. Standard queues: the tenant, for fair queues. */
  messageGroupId?: string | undefined;
  /** FIFO queues only; required unless the queue has content-based deduplication. */
  messageDeduplicationId?: string | undefined;
  /** `AWSTraceHeader`, the only system attribute that a sender may set. */
  traceHeader?: string | undefined;
}

/** A message attribute as it travels: binary values are base64. */
export interface MessageAttribute {
  dataType: string;
  stringValue?: string;
  binaryValue?: string;
}

export interface SentMessage {
  messageId: string;
  /** FIFO queues only: a 20-digit number that grows within the group. */
  sequenceNumber?: string;
}

/** A message in flight, as a consumer holds it. */
export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  md5OfMessageAttributes?: string;
  /** ApproximateReceiveCount, SentTimestamp, SenderId, MessageGroupId and so on. */
  systemAttributes: Record<string, string>;
  messageAttributes: Record<string, MessageAttribute>;
  /** See `Activity`. */
  subject?: string;
}

export interface ReceiveOptions {
  /** 1–10. */
  maxMessages: number;
  /** 0 answers at once. */
  waitSeconds: number;
  signal?: AbortSignal | undefined;
  /** The name shown in activities. */
  by: string;
}

/** A queue as the other emulated services reach it, without HTTP. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds: number;
  /** The queue policy (the `Policy` attribute) as JSON text. */
  readonly policy: string | undefined;
  /** @throws AwsError as SendMessage does */
  send(message: OutgoingMessage, sender: QueueSender): Promise<SentMessage>;
  /**
   * Waits up to `waitSeconds` for messages; resolves with none when `signal` aborts, and never
   * hides a message that it does not return.
   */
  receive(options: ReceiveOptions): Promise<ReceivedMessage[]>;
  /**
   * Deletes the message. On a standard queue every handle of the message does, also one from before
   * its last receive; on a FIFO queue a handle whose visibility timeout has ended is refused.
   *
   * @throws AwsError ReceiptHandleIsInvalid, InvalidParameterValue
   */
  delete(receiptHandle: string): Promise<void>;
  /**
   * Hides the message for `seconds` (0–43,200) from now; 0 gives it back at once. On a standard
   * queue this works with every handle of the message, and after its timeout ran out.
   *
   * @throws AwsError ReceiptHandleIsInvalid, InvalidParameterValue
   */
  changeVisibility(receiptHandle: string, seconds: number): Promise<void>;
}

/** Who puts a message into a queue: an API caller, a topic, or the runtime (a dead letter). */
export type QueueSender =
  | { kind: 'caller'; caller: Caller }
  | { kind: 'service'; service: 'sns' | 'lambda' | 's3'; sourceArn: string };

export interface QueueDirectory {
  queueByArn(arn: string): Queue | undefined;
}
