import { afterEach, describe, expect, it } from '@jest/globals';
import { EventSourceMappings } from '../../event-source-mapping/service.ts';
import { lambdaWithQueues } from '../lambda/lambda-with-queues.ts';
import { sender } from './event-source.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function start() {
  const { lambda, sqs, close } = lambdaWithQueues();
  const errors: unknown[] = [];
  const mappings = new EventSourceMappings(
    lambda.context,
    { queues: sqs, functions: lambda.service },
    { onError: (error) => errors.push(error) },
  );
  cleanUps.push(() => mappings.close(), close);
  return { lambda, sqs, mappings, errors };
}

describe('a queue that feeds a function', () => {
  it('has every message handled once, by no more environments than the function may have', async () => {
    const { lambda, sqs, mappings, errors } = start();
    const { functionName } = await lambda.add(
      'consumer',
      `export const handler = async ({ Records }) => {
         for (const { body } of Records) console.log('handled ' + body);
         return { batchItemFailures: [] };
       };`,
      { reservedConcurrency: 2 },
    );
    const queue = await sqs.ensureQueue('orders', { VisibilityTimeout: '30' });
    await mappings.ensureMapping({
      functionName,
      eventSourceArn: queue.arn,
      functionResponseTypes: ['ReportBatchItemFailures'],
    });
    const bodies = Array.from({ length: 200 }, (_, index) => `${index}`);

    await Promise.all(bodies.map((body) => queue.send({ body }, sender)));
    const deleted = new Set<string>();
    for (let after = 0; deleted.size < bodies.length;) {
      const one = await lambda.activity.waitFor('message-deleted', () => true, { after });
      deleted.add(one.messageId);
      after = one.sequence;
    }

    const activities = lambda.activity.since();
    const handled = activities.flatMap((one) =>
      one.type === 'function-logged' ? (/handled (\d+)$/.exec(one.line)?.[1] ?? []) : [],
    );
    const environments = new Set(
      activities.flatMap((one) => (one.type === 'function-invoked' ? [one.environmentId] : [])),
    );
    expect(handled.toSorted()).toEqual(bodies.toSorted());
    expect(environments.size).toBeLessThanOrEqual(2);
    expect(errors).toEqual([]);
  });

  it('keeps the messages of a function that ran out of time', async () => {
    const { lambda, sqs, mappings } = start();
    const { functionName } = await lambda.add(
      'stuck',
      'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));',
      { timeoutSeconds: 0.05 },
    );
    const queue = await sqs.ensureQueue('orders', { VisibilityTimeout: '1' });
    await mappings.ensureMapping({ functionName, eventSourceArn: queue.arn });

    const { messageId } = await queue.send({ body: 'patience' }, sender);
    const first = await lambda.activity.waitFor('batch-answered');
    const again = await lambda.activity.waitFor(
      'function-failed',
      ({ errorType }) => errorType === 'Sandbox.Timedout',
      { after: first.sequence },
    );

    expect(first.failedMessageIds).toEqual([messageId]);
    expect(again.functionName).toBe('stuck');
  });
});
