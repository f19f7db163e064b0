import { afterEach, describe, expect, it } from '@jest/globals';
import { HeldHandler } from './held-handler.ts';
import { LocalLambda } from './local-lambda.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function runningEvent(options: { timeoutSeconds?: number; patienceMs?: number } = {}) {
  const { timeoutSeconds = 10, ...ofService } = options;
  const lambda = new LocalLambda({ options: ofService });
  const held = await HeldHandler.start();
  cleanUps.push(
    () => lambda.close(),
    () => held.close(),
  );
  await lambda.add('held', held.source, { timeoutSeconds });
  const running = lambda.invoke('held', { hold: true });
  await held.holds(1);
  return { lambda, held, running };
}

describe('Lambda, when it stops,', () => {
  it('lets an event that runs end', async () => {
    const { lambda, held, running } = await runningEvent();

    const closed = lambda.service.close();
    await expect(lambda.invoke('held', { hold: false })).rejects.toThrow('Lambda is closing');
    held.letGo();
    await closed;

    expect((await running).payload).toBe('1');
  });

  it('waits no longer than the function may take', async () => {
    const { lambda, running } = await runningEvent({ timeoutSeconds: 0.5 });

    await lambda.service.close();

    expect((await running).payload).toContain('Task timed out after 0.50 seconds');
  });

  it('ends what runs longer than it has patience', async () => {
    const { lambda, running } = await runningEvent({ patienceMs: 50 });

    await lambda.service.close();

    expect((await running).payload).toContain('the environment was ended');
  });
});
