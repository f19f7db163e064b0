import { setTimeout as pause } from 'node:timers/promises';
import { generateLoad } from '../../bench/load-generator.ts';
import { temporaryFolder } from '../end-to-end/running-service.ts';
import { startKillable, type KillableSystem } from './killable-system.ts';
import { OrderLedger } from './order-ledger.ts';
import type { Scenario } from './scenarios.ts';
import { StoredOrders, type StoredOrder } from './stored-orders.ts';

/** What became of the orders. */
export interface SoakResult {
  accepted: number;
  refused: number;
  /** How often a fault struck. */
  struck: number;
  /** Order ids that were accepted and are not at their end. */
  lost: string[];
  /** Order ids that were shipped more than once, or whose history repeats a state. */
  doubled: string[];
  /** How many mails the orders caused: index 1 holds the orders with one, and so on. */
  ordersByMails: number[];
  deadLetters: number;
  /** Memory when half of the orders had come to their end, and at the end of all. */
  megabytes: [number, number];
  seconds: number;
}

const ENDS = new Set(['Shipped', 'Declined', 'Cancelled']);
const READ_QUEUES = /^(OrderIntake|OrderUpdates|Fraud|Shipping|AllOrders)Queue$/;
const STILL_MS = 45_000;
const LOOK_EVERY_MS = 250;

/** Nothing moves any more, and yet the orders are not where they should be. */
export class SoakStuckError extends Error {
  override readonly name = 'SoakStuckError';
}

/** Places orders while the faults of a scenario strike, and looks what became of each. */
export async function runScenario(
  scenario: Scenario,
  { orders, seed }: { orders: number; seed: number },
): Promise<SoakResult> {
  const startedAt = performance.now();
  await using folder = await temporaryFolder();
  const { maxReceiveCount } = scenario;
  const start = (): Promise<KillableSystem> =>
    startKillable({ dataDir: folder.path, maxReceiveCount });
  const ledger = new OrderLedger();
  let system = await start();
  let followed = ledger.follow(system);
  const accepted: string[] = [];
  const megabytes: [number, number] = [0, 0];
  let refused = 0;
  try {
    await addFaults(system, scenario, seed);
    for (const half of [0, 1] as const) {
      const placing = generateLoad({
        url: system.url,
        orders: Math.ceil(orders / 2),
        run: `soak-${seed}-${half}`,
      });
      if (half < scenario.kills) {
        await ledger.acceptedOrders(ledger.accepted + Math.ceil(orders / 4));
        await system.kill();
        await followed;
        system = await start();
        followed = ledger.follow(system);
      }
      const load = await placing;
      accepted.push(...load.accepted.map(({ orderId }) => orderId));
      refused += load.refused;
      await settled(system, accepted, scenario);
      megabytes[half] = await system.megabytes();
    }
    await fetch(new URL('/_local/faults', system.url), { method: 'DELETE' });
    const found = await look(system);
    return {
      accepted: accepted.length,
      refused,
      struck: ledger.struck,
      lost: accepted.filter((orderId) => !isAtEnd(orderId, found)),
      doubled: accepted.filter(
        (orderId) => (ledger.shipments.get(orderId) ?? 0) > 1 || repeats(found.orders.get(orderId)),
      ),
      ordersByMails: histogram(accepted.map((orderId) => ledger.mails.get(orderId) ?? 0)),
      deadLetters: total(found.deadLetters),
      megabytes,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await system.kill();
    await followed;
  }
}

async function addFaults(system: KillableSystem, scenario: Scenario, seed: number): Promise<void> {
  const functions = system.resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ physicalId }) => physicalId);
  for (const fault of scenario.faults(functions, seed)) {
    const response = await fetch(new URL('/_local/faults', system.url), {
      method: 'POST',
      body: JSON.stringify(fault),
    });
    if (!response.ok) throw new Error(`${scenario.name}: ${await response.text()}`);
  }
}

interface Found {
  orders: Map<string, StoredOrder>;
  mailed: Set<string>;
  waiting: Map<string, number>;
  deadLetters: Map<string, number>;
}

const total = (counts: Map<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

const inWords = (counts: Map<string, number>): string =>
  [...counts].map(([name, count]) => `${count} in ${name}`).join(', ') || 'none';

async function look(system: KillableSystem): Promise<Found> {
  const stored = new StoredOrders(system);
  try {
    const [orders, mailed, waiting, deadLetters] = await Promise.all([
      stored.orders(),
      stored.mailedOrders(),
      stored.messagesIn(READ_QUEUES),
      stored.messagesIn(/DeadLetters$/),
    ]);
    return { orders, mailed, waiting, deadLetters };
  } finally {
    stored.close();
  }
}

const isAtEnd = (orderId: string, { orders, mailed }: Found): boolean =>
  ENDS.has(orders.get(orderId)?.state ?? '') && mailed.has(orderId);

const repeats = (order: StoredOrder | undefined): boolean => {
  const states = order?.history.map(({ state }) => state) ?? [];
  return new Set(states).size < states.length;
};

/** Resolves when every order is at its end and mailed, and no queue holds anything for a function. */
async function settled(
  system: KillableSystem,
  orderIds: readonly string[],
  { name, deadLetters }: Scenario,
): Promise<void> {
  let before = '';
  let changedAt = performance.now();
  for (;;) {
    const found = await look(system);
    const open = orderIds.filter((orderId) => !isAtEnd(orderId, found)).length;
    if (open === 0 && found.waiting.size === 0 && total(found.deadLetters) >= deadLetters) return;
    const now = `${open} orders open, messages: ${inWords(found.waiting)}, dead letters: ${inWords(found.deadLetters)}`;
    if (now !== before) changedAt = performance.now();
    before = now;
    if (performance.now() - changedAt > STILL_MS) {
      throw new SoakStuckError(`${name}: nothing moved for ${STILL_MS / 1000} s; ${now}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

function histogram(values: number[]): number[] {
  const counts: number[] = [];
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return Array.from(counts, (count) => count ?? 0);
}
