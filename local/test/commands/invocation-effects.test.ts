import { describe, expect, it } from '@jest/globals';
import type { Activity } from '../../activity/activity.ts';
import { invocationEffects } from '../../commands/invocation-effects.ts';

const written = (table: string, environmentId: string): Activity => ({
  type: 'item-written',
  table,
  operation: 'PutItem',
  key: 'A',
  caller: { kind: 'function', functionName: 'record', environmentId },
});

const invoked = (requestId: string, environmentId: string): Activity => ({
  type: 'function-invoked',
  functionName: 'record',
  requestId,
  environmentId,
  coldStart: true,
  source: 'client',
  subjects: [],
});

const completed = (requestId: string): Activity => ({
  type: 'function-completed',
  functionName: 'record',
  requestId,
  durationMs: 7,
  subjects: [],
});

const logged = (requestId: string, line: string): Activity => ({
  type: 'function-logged',
  functionName: 'record',
  requestId,
  line,
});

const recorded = (activities: Activity[]) =>
  activities.map((activity, index) => ({ ...activity, sequence: index + 1, at: index }));

describe('The effects of an invocation', () => {
  it('are what its environment did from its start to its end', () => {
    const effects = invocationEffects(
      recorded([
        invoked('earlier', 'env-1'),
        written('Earlier', 'env-1'),
        completed('earlier'),
        invoked('mine', 'env-1'),
        invoked('neighbour', 'env-2'),
        logged('mine', 'working'),
        logged('neighbour', 'working too'),
        written('Mine', 'env-1'),
        written('Neighbour', 'env-2'),
        completed('mine'),
        written('Later', 'env-1'),
      ]),
      'mine',
    );

    expect(effects.written.map(({ table }) => table)).toEqual(['Mine']);
    expect(effects.logs).toEqual(['working']);
    expect(effects).toMatchObject({ coldStart: true, durationMs: 7, sent: [], mailed: [] });
  });
});
