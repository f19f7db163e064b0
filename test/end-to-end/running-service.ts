import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { orderIdOf, pencils, Shop } from '../../labs/stage/shop.ts';
import { startSystem, type System } from 'template-runtime/system';
import { packagedService } from '../template/packaged-template.ts';

export const NAME_PREFIX = 'order-messaging-dev-';

/** The whole packaged service on a free port. */
export interface RunningService extends AsyncDisposable {
  system: System;
  shop: Shop;
}

export interface ServiceOptions {
  dataDir?: string;
  runEventSources?: boolean;
  template?: unknown;
}

export async function runningService(options: ServiceOptions = {}): Promise<RunningService> {
  const { template, codeFolder } = await packagedService();
  const system = await startSystem({
    template: options.template ?? template,
    codeFolder,
    port: 0,
    anyPortIfTaken: true,
    runEventSources: options.runEventSources ?? true,
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
  });
  return {
    system,
    shop: new Shop(system.url),
    [Symbol.asyncDispose]: () => system.stop(),
  };
}

/** Places an order that nothing speaks against, and gives its id. */
export async function placeOrder(shop: Shop, customerId: string, quantity = 4): Promise<string> {
  return orderIdOf(await shop.place(pencils(customerId, quantity)));
}

/** Enough for a machine that does many other things. */
export const PATIENCE_MS = 45_000;

/** Resolves with the subject line when the customer of an order is mailed about its end. */
export const mailed = async (system: System, orderId: string): Promise<string> =>
  (
    await system.activity.waitFor(
      'email-sent',
      ({ subjectLine }) => subjectLine.includes(orderId),
      { timeoutMs: PATIENCE_MS },
    )
  ).subjectLine;

export const sqsClient = (system: System): SQSClient =>
  new SQSClient({
    endpoint: system.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

/** The packaged template with waits as short as a test needs them. */
export async function impatientTemplate({
  maxReceiveCount,
}: {
  maxReceiveCount: number;
}): Promise<unknown> {
  const { template } = await packagedService();
  const text = JSON.stringify(template)
    .replaceAll(/"VisibilityTimeout":\d+/g, '"VisibilityTimeout":2')
    .replaceAll(/"Timeout":\d+/g, '"Timeout":2')
    .replaceAll(/"maxReceiveCount":\d+/g, `"maxReceiveCount":${maxReceiveCount}`)
    .replaceAll(/"MaximumBatchingWindowInSeconds":\d+/g, '"MaximumBatchingWindowInSeconds":0')
    .replaceAll('"BatchSize":100', '"BatchSize":10');
  return JSON.parse(text) as unknown;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
