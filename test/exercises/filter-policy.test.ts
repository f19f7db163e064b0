import { describe, expect, it } from '@jest/globals';
import { exercise } from '../../exercises/filter-policy/exercise.ts';

const TIMEOUT_MS = 60_000;

/** What an answer does not do, of what it has to. */
async function missing(policy: unknown): Promise<string[]> {
  const findings = await exercise.grade(JSON.stringify(policy));
  return findings.filter(({ holds }) => !holds).map(({ claim }) => claim);
}

describe('The exercise of the filter policy', () => {
  it(
    'is solved by a policy with a list, a range and an absence',
    async () => {
      const policy = {
        State: ['Placed', 'Declined'],
        Quantity: [{ numeric: ['>=', 100] }],
        Test: [{ exists: false }],
      };

      expect(await missing(policy)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'is not solved by the policy that it begins with, which lets everything through',
    async () => expect(await missing({})).toHaveLength(4),
    TIMEOUT_MS,
  );

  it(
    'names the order that a policy gets wrong',
    async () => {
      const policy = {
        State: ['Placed', 'Declined'],
        Quantity: [{ numeric: ['>', 100] }],
        Test: [{ exists: false }],
      };

      expect(await missing(policy)).toEqual(['100 pieces, placed: is delivered']);
    },
    TIMEOUT_MS,
  );

  it(
    'passes on why SNS refuses a policy',
    async () => {
      expect(await missing({ State: 'Placed' })).toEqual([
        expect.stringContaining('"State" must be an object or an array'),
      ]);
    },
    TIMEOUT_MS,
  );
});
