/** What the system asks of the emulators, as far as it is counted and measured. */
export const OPERATIONS = [
  'sqs-send',
  'sqs-send-fifo',
  'sqs-receive-delete',
  'sns-publish',
  'sns-publish-fifo',
  'dynamodb-put',
  'dynamodb-update',
  'dynamodb-get',
  'dynamodb-batch-write',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** How much of an operation was done: messages or items, and the requests that carried them. */
export interface Work {
  items: number;
  requests: number;
}

/** Those operations that were done at all. */
export type WorkDone = Partial<Record<Operation, Work>>;

export type Emulator = 'SQS' | 'SNS' | 'DynamoDB';

export interface OperationDescription {
  emulator: Emulator;
  text: string;
  unit: 'messages' | 'items';
  /** What one request can carry at most. */
  largestBatch: number;
}

export const DESCRIPTIONS: Readonly<Record<Operation, OperationDescription>> = {
  'sqs-send': messages('SQS', 'send to a standard queue'),
  'sqs-send-fifo': messages('SQS', 'send to a FIFO queue'),
  'sqs-receive-delete': messages('SQS', 'receive and delete'),
  'sns-publish': messages('SNS', 'publish to OrderEvents'),
  'sns-publish-fifo': messages('SNS', 'publish to OrderEvents.fifo'),
  'dynamodb-put': items('PutItem with a condition', 1),
  'dynamodb-update': items('UpdateItem with a condition', 1),
  'dynamodb-get': items('GetItem', 1),
  'dynamodb-batch-write': items('BatchWriteItem', 25),
};

function messages(emulator: Emulator, text: string): OperationDescription {
  return { emulator, text, unit: 'messages', largestBatch: 10 };
}

function items(text: string, largestBatch: number): OperationDescription {
  return { emulator: 'DynamoDB', text, unit: 'items', largestBatch };
}
