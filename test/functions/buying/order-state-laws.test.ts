import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { canBecome, decide, statesBefore, type Step } from '../../../functions/buying/rules.ts';
import { orderStates } from '../../../shared/order/messages.ts';

const commands = fc.array(
  fc.record<Step>({
    state: fc.constantFrom('Approved', 'Declined', 'Cancelled', 'Shipped'),
    causedBy: fc.constantFrom('cancel', 'verdict', 'dispatch', 'other'),
  }),
  { maxLength: 12 },
);

/** The history that an order gets from commands in the order they come. */
function replay(sequence: readonly Step[]): Step[] {
  const history: Step[] = [{ state: 'Placed', causedBy: 'intake' }];
  for (const wanted of sequence) {
    const current = history.at(-1)?.state ?? 'Placed';
    if (decide(current, history, wanted).kind === 'apply') history.push(wanted);
  }
  return history;
}

describe('the states of an order', () => {
  it('follow each other only as they may, whatever is asked', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        const states = replay(sequence).map(({ state }) => state);
        for (const [place, state] of states.slice(1).entries()) {
          expect(canBecome(states[place] ?? state, state)).toBe(true);
        }
      }),
    );
  });

  it('are each reached once at most, so that an event id is never used twice', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        const states = replay(sequence).map(({ state }) => state);
        expect(new Set(states).size).toBe(states.length);
      }),
    );
  });

  it('do not change when every command comes twice', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        const doubled = sequence.flatMap((command) => [command, command]);
        expect(replay(doubled)).toEqual(replay(sequence));
      }),
    );
  });

  it('know which states come before each', () => {
    expect(orderStates.map((state) => [state, statesBefore(state)])).toEqual([
      ['Placed', []],
      ['Approved', ['Placed']],
      ['Declined', ['Placed']],
      ['Cancelled', ['Placed', 'Approved']],
      ['Shipped', ['Approved']],
    ]);
  });

  it('say why a command is refused', () => {
    const shipped = { state: 'Shipped', causedBy: 'dispatch' } as const;
    expect(decide('Shipped', [shipped], { state: 'Cancelled', causedBy: 'cancel' })).toEqual({
      kind: 'refuse',
      because: "an order that is Shipped can't become Cancelled",
    });
  });
});
