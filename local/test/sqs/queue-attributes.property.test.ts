import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { SETTABLE_ATTRIBUTES } from '../../sqs/model/queue-attributes.ts';
import { SqsFixture } from './sqs-fixture.ts';

const integer = (min: number, max: number) => fc.integer({ min, max }).map(String);

/** A value for each attribute, valid whatever the others are. */
const VALUES: Record<string, fc.Arbitrary<string>> = {
  DelaySeconds: integer(0, 900),
  MaximumMessageSize: integer(1_024, 1_048_576),
  MessageRetentionPeriod: integer(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: integer(0, 20),
  VisibilityTimeout: integer(0, 43_200),
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  KmsMasterKeyId: fc.constant('alias/messages'),
  SqsManagedSseEnabled: fc.constant('false'),
  Policy: fc.constant('{"Version":"2012-10-17","Statement":[]}'),
  RedrivePolicy: fc.integer({ min: 1, max: 1_000 }).map((maxReceiveCount) =>
    JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:000000000000:dead.fifo',
      maxReceiveCount,
    }),
  ),
  RedriveAllowPolicy: fc.constant('{"redrivePermission":"denyAll"}'),
  FifoQueue: fc.constant('true'),
  ContentBasedDeduplication: fc.constantFrom('true', 'false'),
  DeduplicationScope: fc.constant('messageGroup'),
  FifoThroughputLimit: fc.constantFrom('perQueue', 'perMessageGroupId'),
};

describe('every attribute that can be set', () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    await sqs.createQueue('dead.fifo', { FifoQueue: 'true' });
  });
  afterEach(() => sqs.stop());

  it('is told of by GetQueueAttributes as it was set, at creation and later', async () => {
    expect(Object.keys(VALUES).toSorted()).toEqual(SETTABLE_ATTRIBUTES.toSorted());
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.record(VALUES), async (attributes) => {
        const created = await sqs.createQueue(`created-${++run}.fifo`, attributes);
        const changed = await sqs.createQueue(`changed-${run}.fifo`, { FifoQueue: 'true' });
        const { FifoQueue: _, ...changes } = attributes;
        await sqs.client.send(
          new SetQueueAttributesCommand({ QueueUrl: changed, Attributes: changes }),
        );

        expect(await sqs.attributes(created)).toMatchObject(attributes);
        expect(await sqs.attributes(changed)).toMatchObject(attributes);
      }),
      { numRuns: 20 },
    );
  });
});
