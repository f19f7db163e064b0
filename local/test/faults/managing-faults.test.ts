import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../context/clock.ts';
import { Faults, type FaultTargets } from '../../faults/faults.ts';
import { Shop } from '../system/shop-system.ts';
import { faultyShop } from './faulty-shop.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const TARGETS: FaultTargets = {
  functionNames: () => ['shop-dev-placeOrder'],
  queues: () => [
    { name: 'shop-dev-Orders-1', fifo: false },
    { name: 'shop-dev-Updates-1.fifo', fifo: true },
  ],
  nameOf: (given) => (given === 'UpdatesQueue' ? 'shop-dev-Updates-1.fifo' : given),
};
const START = () => Promise.resolve(undefined);

const newFaults = (): Faults => new Faults(new ActivityStream(systemClock), TARGETS, START);

/** Which of a hundred occasions a fault takes. */
async function occasions(seed: number): Promise<number[]> {
  const faults = newFaults();
  const fault = await faults.add({ type: 'lose-answers', rate: 0.3, seed });
  return Array.from({ length: 100 }, (_, index) => index).filter(() =>
    faults.strikes(fault, { what: 'tried' }),
  );
}

describe('faults', () => {
  it('strike on the same occasions with the same seed', async () => {
    const [first, again, other] = await Promise.all([occasions(7), occasions(7), occasions(8)]);

    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first.length).toBeGreaterThan(15);
    expect(first.length).toBeLessThan(45);
  });

  it('are over when they have struck as often as was asked', async () => {
    const faults = newFaults();
    const fault = await faults.add({ type: 'lose-answers', times: 2 });

    const struck = [1, 2, 3].map(() => faults.strikes(fault, { what: 'tried' }));

    expect(struck).toEqual([true, true, false]);
    expect(faults.list()).toEqual([]);
  });

  it('go by the name that the template or the framework gives', async () => {
    const faults = newFaults();

    const { fault } = await faults.add({ type: 'kill-environment', function: 'placeOrder' });
    const late = await faults.add({ type: 'delay-deliveries', queue: 'UpdatesQueue' });

    expect(fault).toMatchObject({ function: 'shop-dev-placeOrder', when: 'before', call: 1 });
    expect(late.fault).toMatchObject({ queue: 'shop-dev-Updates-1.fifo', seconds: 1 });
  });

  it.each([
    [
      { type: 'kill-environment', function: 'shipOrder' },
      'There is no function shipOrder; there are shop-dev-placeOrder',
    ],
    [{ type: 'reorder-queue', queue: 'UpdatesQueue' }, 'is a FIFO queue'],
    [{ type: 'deliver-twice' }, 'takes a queue or a function'],
    [{ type: 'lose-answers', rate: 0 }, 'This is no fault: rate'],
  ] as const)('are refused when they make no sense: %j', async (request, message) => {
    await expect(newFaults().add(request)).rejects.toThrow(message);
  });

  it('are added, listed and ended over HTTP', async () => {
    // Prepare
    const { system } = await faultyShop(shop);
    const url = `${system.url}/_local/faults`;
    const post = (body: string) => fetch(url, { method: 'POST', body });

    // Act
    const added = await post('{"type":"lose-answers","service":"ses"}');
    const refused = await post('{"type":"set on fire"}');
    const listed: unknown = await (await fetch(url)).json();
    const unknown = await fetch(`${url}/7`, { method: 'DELETE' });
    const ended = await fetch(url, { method: 'DELETE' });

    // Assess
    expect([added, refused, unknown, ended].map(({ status }) => status)).toEqual([
      201, 400, 404, 204,
    ]);
    expect(listed).toMatchObject({ faults: [{ id: '1', fault: { service: 'ses', rate: 1 } }] });
    expect(system.faults.list()).toEqual([]);
  });

  it('are added, listed and ended on the command line', async () => {
    // Prepare
    const { system } = await faultyShop(shop);
    const command = join(import.meta.dirname, '../../commands/fault.ts');
    const run = async (...args: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], {
        env: { ...process.env, NODE_OPTIONS: '', AWS_ENDPOINT_URL: system.url },
      });
      return stdout;
    };

    // Act
    const added = await run('throttle-requests', '--service', 'sns', '--rate', '0.5');
    const listed = await run();
    const ended = await run('end');

    // Assess
    expect(added).toContain('throttle-requests (service sns, rate 0.5, seed 1), struck 0 times');
    expect(listed).toContain('1  throttle-requests');
    expect(ended).toBe('Every fault has ended.\n');
    expect(system.faults.list()).toEqual([]);
    await expect(run('lose-answers', '--function', 'nobody')).rejects.toThrow(
      'There is no function nobody',
    );
  });
});
