import type { Caller } from '../endpoint/caller.ts';

/**
 * Everything that happens in the local system, one type per kind of happening.
 *
 * `subject` is what a message is about (the order id of this application): the value of the message
 * attribute that the template names in `Metadata.LocalRuntime.SubjectAttribute`, or else the
 * message group id. It lets a log, a test or a page follow one order through every hop.
 * Queue, topic and function are named by their plain names, never by ARN.
 */
export type Activity =
  | HttpAnswered
  | MessageSent
  | MessagePublished
  | MessageDelivered
  | MessageFilteredOut
  | DeliveryFailed
  | MessagesReceived
  | MessageDeleted
  | MessageReturned
  | MessageDeadLettered
  | MessagesMoved
  | FunctionInvoked
  | FunctionCompleted
  | FunctionFailed
  | InvocationRetried
  | BatchAnswered
  | ItemWritten
  | EmailSent
  | FunctionLogged
  | CodeReloaded
  | FaultStruck;

/** An API Gateway route answered a client. */
export interface HttpAnswered {
  type: 'http-answered';
  method: string;
  path: string;
  functionName: string | undefined;
  status: number;
  durationMs: number;
}

/** A message entered a queue by SendMessage or SendMessageBatch (not by a topic). */
export interface MessageSent {
  type: 'message-sent';
  queue: string;
  messageId: string;
  body: string;
  caller: Caller;
  subject?: string;
  /** True when a FIFO queue recognised the deduplication id and accepted without storing. */
  duplicate: boolean;
}

/** A topic accepted a message. */
export interface MessagePublished {
  type: 'message-published';
  topic: string;
  messageId: string;
  body: string;
  attributes: Record<string, string>;
  caller: Caller;
  subject?: string;
  duplicate: boolean;
}

/** A topic handed a message to one subscription's endpoint. */
export interface MessageDelivered {
  type: 'message-delivered';
  topic: string;
  protocol: string;
  /** The queue's or function's name, or the address of another endpoint. */
  endpoint: string;
  messageId: string;
  subject?: string;
  attempt: number;
}

export interface MessageFilteredOut {
  type: 'message-filtered-out';
  topic: string;
  protocol: string;
  endpoint: string;
  messageId: string;
  subject?: string;
}

/** One delivery attempt failed; `final` when no attempt follows. */
export interface DeliveryFailed {
  type: 'delivery-failed';
  topic: string;
  protocol: string;
  endpoint: string;
  messageId: string;
  subject?: string;
  attempt: number;
  final: boolean;
  reason: string;
}

export interface MessagesReceived {
  type: 'messages-received';
  queue: string;
  messageIds: string[];
  subjects: string[];
  by: string;
}

export interface MessageDeleted {
  type: 'message-deleted';
  queue: string;
  messageId: string;
  subject?: string;
}

/** A message became visible again: its timeout ran out, or it was given back. */
export interface MessageReturned {
  type: 'message-returned';
  queue: string;
  messageId: string;
  subject?: string;
  receiveCount: number;
}

export interface MessageDeadLettered {
  type: 'message-dead-lettered';
  /** The queue, topic subscription or function that gave up. */
  from: string;
  deadLetterQueue: string;
  messageId: string;
  subject?: string;
  reason: string;
}

/** A redrive (StartMessageMoveTask) moved messages out of a dead-letter queue. */
export interface MessagesMoved {
  type: 'messages-moved';
  from: string;
  to: string | undefined;
  count: number;
  status: string;
}

export interface FunctionInvoked {
  type: 'function-invoked';
  functionName: string;
  requestId: string;
  environmentId: string;
  coldStart: boolean;
  source: string;
  subjects: string[];
}

export interface FunctionCompleted {
  type: 'function-completed';
  functionName: string;
  requestId: string;
  durationMs: number;
  subjects: string[];
}

export interface FunctionFailed {
  type: 'function-failed';
  functionName: string;
  requestId: string;
  durationMs: number;
  errorType: string;
  errorMessage: string;
  subjects: string[];
}

/** An asynchronous invocation failed and will be tried again. */
export interface InvocationRetried {
  type: 'invocation-retried';
  functionName: string;
  requestId: string;
  attempt: number;
  delayMs: number;
}

/** An event source mapping read a function's answer to a batch. */
export interface BatchAnswered {
  type: 'batch-answered';
  functionName: string;
  queue: string;
  size: number;
  failedMessageIds: string[];
}

/** A DynamoDB item was put, updated or deleted (a failed condition is not a write). */
export interface ItemWritten {
  type: 'item-written';
  table: string;
  operation: string;
  key: string | undefined;
  caller: Caller;
}

export interface EmailSent {
  type: 'email-sent';
  messageId: string;
  subjectLine: string;
  recipientCount: number;
  caller: Caller;
}

/** One line that a function wrote to its log. */
export interface FunctionLogged {
  type: 'function-logged';
  functionName: string;
  requestId: string | undefined;
  line: string;
}

export interface CodeReloaded {
  type: 'code-reloaded';
  functionNames: string[];
}

/** A fault that somebody added did what it is there for. */
export interface FaultStruck {
  type: 'fault-struck';
  /** The fault's id, and what kind of fault it is. */
  fault: string;
  kind: string;
  /** In words: `PutItem is carried out and its answer lost`. */
  what: string;
  functionName?: string;
  queue?: string;
  subject?: string;
}

/** An activity with its place in the stream. */
export type Recorded<A extends Activity = Activity> = A & {
  /** Counts from 1 within one run. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
};
