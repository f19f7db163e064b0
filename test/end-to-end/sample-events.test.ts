import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invocationInput, sampleEvents } from 'template-runtime/commands';
import { invokeWithin } from 'template-runtime/commands';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { NAME_PREFIX, runningService, type RunningService } from './running-service.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const functionKeys = await readdir(join(REPOSITORY, 'events'));
const samples = (
  await Promise.all(
    functionKeys.map(async (functionKey) =>
      (await sampleEvents(REPOSITORY, functionKey)).map((path) => ({ functionKey, path })),
    ),
  )
).flat();

/** A topic takes no answer, so a function that it invokes refuses an event by failing. */
const REFUSED = new Set(['events/emailCustomers/wrong-version.json']);

let service: RunningService;

beforeAll(async () => {
  service = await runningService({ runEventSources: false });
}, PACKAGING_TIMEOUT_MS);

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

describe('The sample events', () => {
  it('are there for every function', () => {
    const functionNames = service.system.lambda
      .configurations()
      .map(({ functionName }) => functionName);

    expect(functionKeys.map((functionKey) => NAME_PREFIX + functionKey).toSorted()).toEqual(
      functionNames.toSorted(),
    );
  });

  it.each(samples)('$path is handled by $functionKey', async ({ functionKey, path }) => {
    const input = await invocationInput(REPOSITORY, functionKey, { path });

    const outcome = await invokeWithin(
      service.system,
      { functionKey, definition: { name: NAME_PREFIX + functionKey } },
      input,
    );

    expect(outcome).toMatchObject({ failed: REFUSED.has(path), origin: path });
    expect(outcome.effects.durationMs).toBeGreaterThan(0);
  });
});
