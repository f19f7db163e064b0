import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock, type Clock } from '../../context/clock.ts';
import type { FunctionConfiguration } from '../../lambda/model/function-configuration.ts';
import type { InvocationResult } from '../../lambda/model/function-invoker.ts';
import { LambdaService, type LambdaOptions, type LambdaTargets } from '../../lambda/service.ts';
import type { LocalContext } from '../../context/local-context.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import type { Storage } from '../../storage/storage.ts';

/** A Lambda service over handlers that a test writes, with everything it needs to be closed. */
export class LocalLambda {
  readonly context: LocalContext;
  readonly service: LambdaService;
  readonly #folders: string[] = [];

  constructor({
    clock = systemClock,
    storage = memoryStorage(),
    targets = { queues: { queueByArn: () => undefined } },
    options = {},
  }: {
    clock?: Clock;
    storage?: Storage;
    targets?: LambdaTargets;
    options?: LambdaOptions;
  } = {}) {
    this.context = {
      activity: new ActivityStream(clock),
      storage,
      clock,
      region: 'us-east-1',
      accountId: '000000000000',
      endpoint: () => 'http://127.0.0.1:4566',
    };
    this.service = new LambdaService(this.context, targets, options);
  }

  get activity(): ActivityStream {
    return this.context.activity;
  }

  /** Writes a package with the given files and resolves with its folder. */
  async packageOf(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lambda-package-'));
    this.#folders.push(folder);
    const all = { 'package.json': '{"type":"module"}', ...files };
    await Promise.all(
      Object.entries(all).map(([name, text]) => writeFile(join(folder, name), text)),
    );
    return folder;
  }

  /** Adds a function whose module `index.js` is `source`. */
  async add(
    functionName: string,
    source: string,
    overrides: Partial<FunctionConfiguration> = {},
  ): Promise<FunctionConfiguration> {
    const configuration: FunctionConfiguration = {
      functionName,
      handler: 'index.handler',
      codeFolder: await this.packageOf({ 'index.js': source }),
      environment: {},
      timeoutSeconds: 10,
      memoryMb: 128,
      ...overrides,
    };
    this.service.ensureFunction(configuration);
    return configuration;
  }

  async invoke(functionName: string, event: unknown = {}): Promise<InvocationResult> {
    return this.service.invoke({ functionName, payload: JSON.stringify(event), source: 'test' });
  }

  /** What the function answered, as a value. */
  async answerOf(functionName: string, event: unknown = {}): Promise<unknown> {
    const { payload } = await this.invoke(functionName, event);
    return JSON.parse(payload) as unknown;
  }

  async close(): Promise<void> {
    await this.service.close();
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true })));
  }
}
