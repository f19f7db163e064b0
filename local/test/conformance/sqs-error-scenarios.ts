import * as z from 'zod';
import type { ManualClock } from '../manual-clock.ts';
import type { Parameters, RawSqs, Refusal } from './sqs-raw-client.ts';

interface Scene {
  sqs: RawSqs;
  clock: ManualClock;
  /** What the test was parametrised with. */
  variant: string;
}
interface Outcome {
  refusal: Refusal;
  placeholders?: Record<string, string>;
}
type Request = (scene: Scene) => Promise<Outcome>;

const received = z.object({ Messages: z.tuple([z.object({ ReceiptHandle: z.string() })]) });

const FIFO = { FifoQueue: 'true' };
const LONG_ID = 'a'.repeat(129);
const INVALID_IDS: Record<string, string> = { empty: '', too_long: LONG_ID, spaces: 'group 123' };

/** Makes a queue and sends it one request that is to be refused. */
const onQueue =
  (
    action: string,
    parameters: Parameters | ((variant: string) => Parameters),
    {
      name = 'queue',
      attributes = {},
    }: { name?: string; attributes?: Record<string, string> } = {},
  ): Request =>
  async ({ sqs, variant }) => {
    const QueueUrl = await sqs.createQueue(name, attributes);
    const rest = typeof parameters === 'function' ? parameters(variant) : parameters;
    return { refusal: await sqs.refused(action, { QueueUrl, ...rest }) };
  };

const onFifoQueue = (
  action: string,
  parameters: Parameters | ((variant: string) => Parameters),
  attributes: Record<string, string> = {},
): Request =>
  onQueue(action, parameters, { name: 'queue.fifo', attributes: { ...FIFO, ...attributes } });

const createStandard =
  (attributes: Record<string, string>): Request =>
  async ({ sqs }) => ({
    refusal: await sqs.refused('CreateQueue', { QueueName: 'queue', Attributes: attributes }),
  });

const createTwice =
  (name: string, first: Record<string, string>, second: Record<string, string>): Request =>
  async ({ sqs }) => {
    await sqs.createQueue(name, first);
    return { refusal: await sqs.refused('CreateQueue', { QueueName: name, Attributes: second }) };
  };

const entries = (count: number, fields: (index: number) => Parameters): Parameters => ({
  Entries: Array.from({ length: count }, (_, index) => ({
    Id: `entry-${index}`,
    ...fields(index),
  })),
});

const send = (fields: Parameters = {}): Parameters => ({ MessageBody: 'body', ...fields });

const missingGroup = onFifoQueue('SendMessage', send({ MessageDeduplicationId: 'id' }));
const missingDeduplication = onFifoQueue('SendMessage', send({ MessageGroupId: 'group' }));
const tooManyHandles = () => entries(20, () => ({ ReceiptHandle: 'handle', VisibilityTimeout: 1 }));

const permission = {
  Label: 'crossaccountpermission',
  AWSAccountIds: ['111122223333'],
  Actions: ['ReceiveMessage'],
};

/** The requests behind the recorded refusals, by test and step. */
export const SCENARIOS: Record<string, Record<string, Request>> = {
  test_send_receive_max_number_of_messages: {
    '/send_max_number_of_messages': onQueue('ReceiveMessage', { MaxNumberOfMessages: 11 }),
  },
  test_send_oversized_message: {
    '/send_oversized_message': onQueue('SendMessage', { MessageBody: 'a'.repeat(1_048_577) }),
  },
  test_send_message_with_updated_maximum_message_size: {
    '/send_oversized_message': onQueue(
      'SendMessage',
      { MessageBody: 'a'.repeat(1_025) },
      { attributes: { MaximumMessageSize: '1024' } },
    ),
  },
  test_send_message_batch_with_oversized_contents: {
    '/send_oversized_message_batch': onQueue(
      'SendMessageBatch',
      entries(2, (index) => ({ MessageBody: 'a'.repeat(index === 0 ? 1_048_576 : 1) })),
    ),
  },
  test_create_fifo_queue_with_different_attributes_raises_error: {
    '/queue-already-exists': createTwice(
      'queue.fifo',
      { ...FIFO, ContentBasedDeduplication: 'true' },
      { ...FIFO, ContentBasedDeduplication: 'false' },
    ),
  },
  test_create_queue_with_different_attributes_raises_exception: {
    '/create_queue_01': createTwice('queue', { DelaySeconds: '1' }, { DelaySeconds: '2' }),
    '/create_queue_02': async ({ sqs }) => {
      const QueueUrl = await sqs.createQueue('queue', { DelaySeconds: '1' });
      await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { DelaySeconds: '2' } });
      return {
        refusal: await sqs.refused('CreateQueue', {
          QueueName: 'queue',
          Attributes: { DelaySeconds: '1' },
        }),
      };
    },
  },
  test_fifo_queue_send_message_with_delay_seconds_fails: {
    '/send_message': onFifoQueue(
      'SendMessage',
      send({ MessageGroupId: 'group', DelaySeconds: 2 }),
      { ContentBasedDeduplication: 'true' },
    ),
  },
  test_too_many_entries_in_batch_request: {
    '/test_too_many_entries_in_batch_request': onQueue(
      'SendMessageBatch',
      entries(20, () => send()),
    ),
  },
  test_invalid_batch_id: {
    '/test_invalid_batch_id': onQueue('SendMessageBatch', { Entries: [send({ Id: 'message:1' })] }),
  },
  test_send_batch_missing_deduplication_id_for_fifo_queue: {
    '/test_missing_deduplication_id_for_fifo_queue': onFifoQueue(
      'SendMessageBatch',
      entries(1, () => send({ MessageGroupId: 'group' })),
    ),
  },
  test_send_batch_missing_message_group_id_for_fifo_queue: {
    '/test_missing_message_group_id_for_fifo_queue': onFifoQueue(
      'SendMessageBatch',
      entries(1, () => send({ MessageDeduplicationId: 'id' })),
    ),
  },
  test_delete_message_batch_invalid_msg_id: {
    '/error_response': onQueue('DeleteMessageBatch', (variant) => ({
      Entries: [{ Id: variant, ReceiptHandle: 'handle' }],
    })),
  },
  test_delete_message_batch_with_too_large_batch: {
    '/error_response': onQueue('DeleteMessageBatch', tooManyHandles),
  },
  test_change_message_visibility_batch_with_too_large_batch: {
    '/error_response': onQueue('ChangeMessageVisibilityBatch', tooManyHandles),
  },
  test_send_message_with_empty_string_attribute: {
    '/empty-string-attr': onQueue(
      'SendMessage',
      send({ MessageAttributes: { ErrorDetails: { DataType: 'String', StringValue: '' } } }),
    ),
  },
  test_set_unsupported_attribute_fifo: {
    '/invalid-attr-name-1': onQueue('SetQueueAttributes', { Attributes: FIFO }),
    '/invalid-attr-name-2': onFifoQueue('SetQueueAttributes', {
      Attributes: { FifoQueue: 'false' },
    }),
  },
  test_set_unsupported_attribute_standard: {
    '/invalid-attr-name-1': onQueue('SetQueueAttributes', { Attributes: FIFO }),
    '/invalid-attr-name-2': onQueue('SetQueueAttributes', { Attributes: { FifoQueue: 'false' } }),
  },
  test_posting_to_fifo_requires_deduplicationid_group_id: {
    '/invalid-parameter-value': missingDeduplication,
    '/missing-parameter': missingGroup,
    '/invalid-parameter-value-query': missingDeduplication,
    '/missing-parameter-query': missingGroup,
  },
  test_successive_purge_calls_fail: {
    '/purge_queue_error': async ({ sqs }) => {
      const QueueUrl = await sqs.createQueue('queue');
      await sqs.call('PurgeQueue', { QueueUrl });
      return {
        refusal: await sqs.refused('PurgeQueue', { QueueUrl }),
        placeholders: { 'queue-name': 'queue' },
      };
    },
  },
  test_sqs_permission_lifecycle: {
    '/get-queue-policy-attribute-second-account-same-label': async ({ sqs }) => {
      const QueueUrl = await sqs.createQueue('queue');
      await sqs.call('AddPermission', { QueueUrl, ...permission });
      return { refusal: await sqs.refused('AddPermission', { QueueUrl, ...permission }) };
    },
    '/get-queue-policy-attribute-delete-non-existent-label': onQueue('RemovePermission', {
      Label: 'crossaccountpermission2',
    }),
  },
  test_non_existent_queue: {
    '/queue-does-not-exist': async ({ sqs }) => ({
      refusal: await sqs.refused('GetQueueUrl', { QueueName: 'no-such-queue' }),
    }),
    '/queue-does-not-exist-url': async ({ sqs }) => ({
      refusal: await sqs.refused('GetQueueAttributes', {
        QueueUrl: `${sqs.url}/000000000000/no-such-queue`,
      }),
    }),
    '/queue-does-not-exist-query': async ({ sqs }) => ({
      refusal: await sqs.refused('GetQueueUrl', { QueueName: 'no-such-queue' }),
    }),
  },
  test_create_standard_queue_with_fifo_attribute_raises_error: {
    '/invalid-attribute-fifo-queue': createStandard({ FifoQueue: 'false' }),
    '/invalid-attribute-content-based-deduplication': createStandard({
      ContentBasedDeduplication: 'false',
    }),
    '/invalid-attribute-deduplication-scope': createStandard({ DeduplicationScope: 'queue' }),
    '/invalid-attribute-throughput-limit': createStandard({ FifoThroughputLimit: 'perQueue' }),
  },
  test_send_receive_wait_time_seconds: {
    '/recieve_message_error_too_large': onQueue('ReceiveMessage', { WaitTimeSeconds: 21 }),
    '/recieve_message_error_too_small': onQueue('ReceiveMessage', { WaitTimeSeconds: -1 }),
  },
  test_send_empty_message: {
    '/send_empty_message': onQueue('SendMessage', { MessageBody: '' }),
  },
  test_fifo_delete_after_visibility_timeout: {
    '/delete_after_timeout_fifo': async ({ sqs, clock }) => {
      const QueueUrl = await sqs.createQueue('queue.fifo', {
        ...FIFO,
        ContentBasedDeduplication: 'true',
        VisibilityTimeout: '1',
      });
      await sqs.call('SendMessage', { QueueUrl, ...send({ MessageGroupId: 'group' }) });
      const answer = received.parse(await sqs.call('ReceiveMessage', { QueueUrl }));
      const { ReceiptHandle } = answer.Messages[0];
      clock.advance(2_000);
      return {
        refusal: await sqs.refused('DeleteMessage', { QueueUrl, ReceiptHandle }),
        placeholders: { 'receipt-handle:1': ReceiptHandle },
      };
    },
  },
  test_send_message_to_standard_queue_with_invalid_message_group_id: {
    '/error-response': onQueue('SendMessage', (variant) =>
      send({ MessageGroupId: INVALID_IDS[variant] }),
    ),
  },
  test_message_deduplication_id_invalid: {
    '/error-response': onFifoQueue('SendMessage', (variant) =>
      send({ MessageGroupId: 'group', MessageDeduplicationId: INVALID_IDS[variant] }),
    ),
  },
};
