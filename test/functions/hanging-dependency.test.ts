import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { handler as getOrder } from '../../functions/buying/get-order.ts';
import { handler as recordOrders } from '../../functions/buying/record-orders.ts';
import { handler as recordTimeline } from '../../functions/timeline/record-timeline.ts';
import { type CapturedOutput, captureOutput } from './support/captured-output.ts';
import { lambdaContext } from './support/invoke.ts';
import { orderIdOf, pencilOrder, sampleEvent, sampleIntake } from './support/sample-order.ts';
import { sqsRecord } from './support/sample-record.ts';
import { httpRequest } from './support/sample-request.ts';

const FUNCTION_TIMEOUT_MS = 10_000;

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  ORDERS_TABLE: 'orders',
  ORDER_TIMELINE_TABLE: 'timeline',
  ORDER_EVENTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:events',
  ORDER_EVENTS_FIFO_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:events.fifo',
};

describe('A function whose calls to AWS are never answered', () => {
  let silent: Server;
  let output: CapturedOutput;
  const before = { ...process.env };

  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    Object.assign(process.env, environment, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    });
  });
  afterAll(() => {
    process.env = before;
    silent.close();
  });
  beforeEach(() => {
    output = captureOutput();
  });
  afterEach(() => output.restore());

  it('gives its batch back within the time that it has', async () => {
    const context = timed(FUNCTION_TIMEOUT_MS);
    const Records = [1, 2].map((n) => sqsRecord(`m${n}`, sampleIntake(pencilOrder(n))));

    const response = await recordOrders({ Records }, context);

    // The attempts end by themselves, before the deadline has to end them.
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(1_000);
    expect(response.batchItemFailures).toEqual([
      { itemIdentifier: 'm1' },
      { itemIdentifier: 'm2' },
    ]);
    expect(output.counts()).toMatchObject({ TransientFailures: 2 });
  }, 20_000);

  it('gives up calls that hang one after another when its time is nearly over', async () => {
    const context = timed(2_000);
    const Records = Array.from({ length: 100 }, (_, n) =>
      sqsRecord(`m${n}`, sampleEvent(pencilOrder(n), { state: 'Placed' })),
    );

    const response = await recordTimeline({ Records }, context);

    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(response.batchItemFailures).toHaveLength(Records.length);
    expect(output.counts()).toMatchObject({ TransientFailures: Records.length });
  }, 20_000);

  it('answers a request with 503 within the time that it has', async () => {
    const context = timed(2_000);
    const request = httpRequest({ pathParameters: { orderId: orderIdOf(1) } });

    const response = await getOrder(request, context);

    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(response).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
  }, 20_000);
});

/** A context whose remaining time goes by, as Lambda's does. */
function timed(timeoutMs: number) {
  const end = performance.now() + timeoutMs;
  return { ...lambdaContext(), getRemainingTimeInMillis: () => end - performance.now() };
}
