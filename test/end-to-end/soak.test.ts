import { describe, expect, it } from '@jest/globals';
import { runScenario } from '../soak/run-scenario.ts';
import { SCENARIOS } from '../soak/scenarios.ts';
import { failuresOf } from '../soak/verdict.ts';
import { packagedService } from '../template/packaged-template.ts';

// `npm run soak` runs a thousand orders under every fault.
const ORDERS = 100;
const CHOSEN = ['everything', 'poison'];
/** A run takes 15 s where nothing else runs. */
const TIMEOUT_MS = 240_000;

describe('A hundred orders', () => {
  it.each(SCENARIOS.filter(({ name }) => CHOSEN.includes(name)))(
    'come to their end, none lost and none doubled, though $what',
    async (scenario) => {
      await packagedService();

      const result = await runScenario(scenario, { orders: ORDERS, seed: 7 });

      expect(failuresOf(scenario, result)).toEqual([]);
      expect(result.accepted).toBeGreaterThan(ORDERS / 2);
    },
    TIMEOUT_MS,
  );
});
