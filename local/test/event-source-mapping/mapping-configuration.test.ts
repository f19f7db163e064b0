import { afterAll, describe, expect, it } from '@jest/globals';
import type { EventSourceMappingConfiguration } from '../../event-source-mapping/model/mapping-configuration.ts';
import { EventSource } from './event-source.ts';

const source = new EventSource(() => null, { startPaused: true });
afterAll(() => source.close());

describe('a mapping is refused', () => {
  it.each<[string, string, Partial<EventSourceMappingConfiguration>, string]>([
    [
      'a batch over 10 without a window',
      'orders',
      { batchSize: 20 },
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      'a window on a FIFO queue',
      'orders.fifo',
      { maximumBatchingWindowInSeconds: 1 },
      'Batching window is not supported for FIFO queues',
    ],
    [
      'a batch over 10 on a FIFO queue',
      'orders.fifo',
      { batchSize: 11 },
      'Maximum batch size for FIFO queues',
    ],
    [
      'a batch over 10,000',
      'orders',
      { batchSize: 10_001, maximumBatchingWindowInSeconds: 1 },
      "Value '10001' at 'batchSize' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ],
    [
      'an empty batch',
      'orders',
      { batchSize: 0 },
      'Member must have value greater than or equal to 1',
    ],
    [
      'a window over five minutes',
      'orders',
      { maximumBatchingWindowInSeconds: 301 },
      'Member must have value less than or equal to 300',
    ],
    [
      'a maximum concurrency of 1',
      'orders',
      { scalingConfig: { maximumConcurrency: 1 } },
      'Member must have value greater than or equal to 2',
    ],
    [
      'an unknown response type',
      'orders',
      { functionResponseTypes: ['Report'] },
      'ReportBatchItemFailures',
    ],
    [
      'a filter that is no pattern',
      'orders',
      { filterCriteria: { filters: [{ pattern: '{"body": "not a list"}' }] } },
      'Invalid filter pattern definition.',
    ],
    [
      'a queue that does not exist',
      'orders',
      { eventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:nowhere' },
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.',
    ],
    [
      'a function that does not exist',
      'orders',
      { functionName: 'nobody' },
      'Function does not exist',
    ],
  ])('for %s', async (_what, name, overrides, message) => {
    const queue = await source.queue(name);

    await expect(source.map(queue, overrides)).rejects.toThrow(message);
  });

  it('for a visibility timeout shorter than the function timeout', async () => {
    const queue = await source.queue('hasty', { VisibilityTimeout: '4' });

    await expect(source.map(queue)).rejects.toThrow(
      'Queue visibility timeout: 4 seconds is less than Function timeout: 5 seconds',
    );
  });
});

describe('a mapping', () => {
  it('has the defaults of AWS', async () => {
    const { uuid } = await source.map(await source.queue('plain'));

    const mapping = source.mappings.descriptions().find(({ UUID }) => UUID === uuid);
    expect(mapping).toMatchObject({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      EventSourceArn: 'arn:aws:sqs:eu-west-1:000000000000:plain',
      FunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:consumer',
      State: 'Disabled',
    });
  });

  it('of the same queue and function is the same mapping', async () => {
    const queue = await source.queue('twice');

    const first = await source.map(queue);
    const second = await source.map(queue, { batchSize: 5 });

    expect(second).toEqual(first);
    expect(source.mappings.descriptions().filter(({ UUID }) => UUID === first.uuid)).toMatchObject([
      { BatchSize: 5 },
    ]);
  });
});
