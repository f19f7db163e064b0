import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LambdaService } from '../../lambda/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { ManualClock } from '../manual-clock.ts';
import { HeldHandler } from './held-handler.ts';
import { lambdaWithQueues } from './lambda-with-queues.ts';
import { LocalLambda } from './local-lambda.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Fails the first `event.failures` times, by module state, and then answers. */
const FLAKY = `
  let attempts = 0;
  export const handler = async ({ failures }) => {
    if (++attempts <= failures) throw new Error('attempt ' + attempts);
    return { attempts };
  };`;

async function start() {
  const clock = new ManualClock();
  const published = Promise.withResolvers<{ topicArn: string; body: string }>();
  const { lambda, sqs, close } = lambdaWithQueues({
    clock,
    targets: {
      publishToTopic: (topicArn, { body }) => {
        published.resolve({ topicArn, body });
        return Promise.resolve();
      },
    },
    options: { idleMinutes: 60 },
  });
  cleanUps.push(close);
  const queue = await sqs.ensureQueue('dead', {});
  const invokeAsync = (functionName: string, event: unknown) =>
    lambda.service.invokeAsync({
      functionName,
      payload: JSON.stringify(event),
      source: 'test',
      subjects: ['ORD-1'],
    });
  const received = () => queue.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
  return { clock, lambda, sqs, queue, invokeAsync, received, published };
}

describe('an asynchronous event', () => {
  it('is accepted at once and run once when its function succeeds', async () => {
    const { lambda, invokeAsync } = await start();
    await lambda.add('flaky', FLAKY);

    const { requestId } = await invokeAsync('flaky', { failures: 0 });
    const completed = await lambda.activity.waitFor('function-completed');

    expect(completed).toMatchObject({ requestId, subjects: ['ORD-1'] });
  });

  it('is run again after one minute and after two more, with the same request id', async () => {
    const { clock, lambda, invokeAsync } = await start();
    await lambda.add('flaky', FLAKY);

    const { requestId } = await invokeAsync('flaky', { failures: 2 });
    const first = await lambda.activity.waitFor('invocation-retried');
    clock.advance(60_000);
    const second = await lambda.activity.waitFor(
      'invocation-retried',
      ({ attempt }) => attempt === 3,
    );
    clock.advance(120_000);
    const completed = await lambda.activity.waitFor('function-completed');

    expect(first).toMatchObject({ requestId, attempt: 2, delayMs: 60_000 });
    expect(second).toMatchObject({ requestId, attempt: 3, delayMs: 120_000 });
    expect(completed).toMatchObject({ requestId });
  });

  it('goes to the dead-letter queue after its last failure', async () => {
    const { clock, lambda, queue, invokeAsync, received } = await start();
    await lambda.add('flaky', FLAKY, { deadLetterTargetArn: queue.arn });
    const event = { failures: 9, order: 'ORD-1' };

    const { requestId } = await invokeAsync('flaky', event);
    await lambda.activity.waitFor('invocation-retried');
    clock.advance(60_000);
    await lambda.activity.waitFor('invocation-retried', ({ attempt }) => attempt === 3);
    clock.advance(120_000);
    const dead = await lambda.activity.waitFor('message-dead-lettered');

    const [message] = await received();
    expect(dead).toMatchObject({
      from: 'flaky',
      deadLetterQueue: 'dead',
      messageId: message?.messageId,
      subject: 'ORD-1',
      reason: 'attempt 3',
    });
    expect(message?.body).toBe(JSON.stringify(event));
    expect(message?.messageAttributes).toEqual({
      RequestID: { dataType: 'String', stringValue: requestId },
      ErrorCode: { dataType: 'Number', stringValue: '200' },
      ErrorMessage: { dataType: 'String', stringValue: 'attempt 3' },
    });
  });

  it('leaves the documented record at the destination on failure', async () => {
    const { lambda, queue, invokeAsync, received } = await start();
    const configuration = await lambda.add('flaky', FLAKY, {
      onFailureDestinationArn: queue.arn,
      maximumRetryAttempts: 0,
    });

    const { requestId } = await invokeAsync(configuration.functionName, { failures: 9 });
    await lambda.activity.waitFor('message-dead-lettered');

    const [message] = await received();
    expect(JSON.parse(message?.body ?? '')).toEqual({
      version: '1.0',
      timestamp: '2026-01-01T00:00:00.000Z',
      requestContext: {
        requestId,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:flaky:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 1,
      },
      requestPayload: { failures: 9 },
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: 'Unhandled',
      },
      responsePayload: {
        errorType: 'Error',
        errorMessage: 'attempt 1',
        trace: expect.any(Array),
      },
    });
  });

  it('leaves a record at the topic and the function that want to know of success', async () => {
    const { lambda, invokeAsync, published } = await start();
    const topicArn = 'arn:aws:sns:us-east-1:000000000000:done';
    await lambda.add('to-topic', FLAKY, { onSuccessDestinationArn: topicArn });
    await lambda.add('to-function', FLAKY, {
      onSuccessDestinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:listener',
    });
    await lambda.add('listener', 'export const handler = async (event) => console.log(event);');

    await invokeAsync('to-topic', { failures: 0 });
    await invokeAsync('to-function', { failures: 0 });
    const listened = await lambda.activity.waitFor(
      'function-invoked',
      ({ functionName }) => functionName === 'listener',
    );

    expect(listened).toMatchObject({ source: 'Lambda to-function', subjects: ['ORD-1'] });
    expect(await published.promise).toEqual({
      topicArn,
      body: expect.stringContaining('"condition":"Success"'),
    });
  });

  it('that is throttled waits, and is given up when it is too old', async () => {
    const { clock, lambda, queue, invokeAsync, received } = await start();
    const held = await HeldHandler.start();
    cleanUps.push(() => Promise.resolve(held.close()));
    await lambda.add('single', held.source, {
      reservedConcurrency: 1,
      timeoutSeconds: 900,
      maximumEventAgeSeconds: 120,
      onFailureDestinationArn: queue.arn,
    });
    const running = lambda.invoke('single', { hold: true });
    await held.holds(1);

    await invokeAsync('single', { hold: false });
    clock.advance(119_000);
    const early = await received();
    clock.advance(1_000);
    await lambda.activity.waitFor('message-dead-lettered');

    const [message] = await received();
    expect(early).toEqual([]);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
    });
    held.letGo();
    await running;
  });

  it('grows old whatever the wall clock is set to', async () => {
    // Prepare
    const { clock, lambda, queue, invokeAsync, received } = await start();
    const limits = { maximumEventAgeSeconds: 90, onFailureDestinationArn: queue.arn };
    await lambda.add('flaky', FLAKY, limits);

    // Act
    await invokeAsync('flaky', { failures: 9 });
    await lambda.activity.waitFor('invocation-retried');
    clock.setBack(60 * 60_000);
    clock.advance(60_000);
    await lambda.activity.waitFor('message-dead-lettered');

    // Assess
    const [message] = await received();
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 },
    });
  });

  it('of a function whose reserved concurrency is zero goes to its destination at once', async () => {
    const { lambda, queue, invokeAsync, received } = await start();
    await lambda.add('off', FLAKY, { reservedConcurrency: 0, onFailureDestinationArn: queue.arn });

    await invokeAsync('off', { failures: 0 });
    await lambda.activity.waitFor('message-dead-lettered');

    const [message] = await received();
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    });
  });

  it('that grew too old while nothing ran goes to its destination when it is taken up', async () => {
    const clock = new ManualClock();
    const folder = await mkdtemp(join(tmpdir(), 'lambda-events-'));
    const before = new SqliteStorage(folder);
    const first = new LocalLambda({ clock, storage: before });
    const configuration = await first.add('flaky', FLAKY);
    await first.service.invokeAsync({
      functionName: 'flaky',
      payload: '{"failures":1}',
      source: 'test',
    });
    await first.activity.waitFor('invocation-retried');
    await first.service.close();
    before.close();
    clock.advance(7 * 60 * 60_000);

    const after = new SqliteStorage(folder);
    const { lambda: second, sqs, close } = lambdaWithQueues({ clock, storage: after });
    const queue = await sqs.ensureQueue('dead', {});
    cleanUps.push(async () => {
      await close();
      await first.close();
      after.close();
      await rm(folder, { recursive: true });
    });
    second.service.ensureFunction({ ...configuration, onFailureDestinationArn: queue.arn });
    clock.advance(0);
    await second.activity.waitFor('message-dead-lettered');

    const [message] = await queue.receive({ maxMessages: 10, waitSeconds: 0, by: 'test' });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
    });
    expect(second.activity.since().map(({ type }) => type)).not.toContain('function-invoked');
  });

  it('is kept while its destination does not take it', async () => {
    const { clock, lambda, sqs, invokeAsync } = await start();
    await lambda.add('flaky', FLAKY, {
      maximumRetryAttempts: 0,
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:later',
    });
    await invokeAsync('flaky', { failures: 9 });
    await lambda.activity.waitFor('function-logged', ({ line }) => line.includes('did not take'));

    await sqs.ensureQueue('later', {});
    clock.advance(60_000);

    const dead = await lambda.activity.waitFor('message-dead-lettered');
    expect(dead.deadLetterQueue).toBe('later');
  });

  it('survives a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lambda-events-'));
    const clock = new ManualClock();
    const before = new SqliteStorage(folder);
    const first = new LocalLambda({ clock, storage: before });
    const configuration = await first.add('flaky', FLAKY);
    const { requestId } = await first.service.invokeAsync({
      functionName: 'flaky',
      payload: '{"failures":1}',
      source: 'test',
    });
    await first.activity.waitFor('invocation-retried');
    await first.service.close();
    before.close();

    const after = new SqliteStorage(folder);
    const second = new LocalLambda({ clock, storage: after });
    cleanUps.push(async () => {
      await second.close();
      await first.close();
      after.close();
      await rm(folder, { recursive: true });
    });
    second.service.ensureFunction(configuration);
    clock.advance(60_000);
    // The environment is a new one, so this attempt is the first that it sees.
    const retried = await second.activity.waitFor('invocation-retried');

    expect(retried).toMatchObject({ requestId, attempt: 3 });
  });

  it('may not have a destination that is not there', () => {
    const context = new LocalLambda().context;
    const service = new LambdaService(
      { ...context, storage: memoryStorage() },
      { queues: { queueByArn: () => undefined } },
    );

    expect(() =>
      service.ensureFunction({
        functionName: 'f',
        handler: 'index.handler',
        codeFolder: '/nowhere',
        environment: {},
        timeoutSeconds: 1,
        memoryMb: 128,
        onFailureDestinationArn: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
      }),
    ).toThrow('events takes no records of functions here');
  });
});
