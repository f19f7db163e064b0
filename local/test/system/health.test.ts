import { afterEach, describe, expect, it } from '@jest/globals';
import { problemsOf } from '../../system/health.ts';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

describe('/_local/health', () => {
  it('answers 200 while every part runs', async () => {
    const system = await shop.start({ template: { Resources: { Events: SHOP.Resources.Events } } });

    const response = await fetch(`${system.url}/_local/health`);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ healthy: true, problems: {} });
  });

  it('answers 503 and names the part that has stopped', async () => {
    const system = await shop.start({ template: { Resources: { Events: SHOP.Resources.Events } } });
    Object.assign(system.eventSources, { problems: () => ['The mapping of Orders has stopped'] });

    const response = await fetch(`${system.url}/_local/health`);

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      healthy: false,
      problems: { eventSourceMappings: ['The mapping of Orders has stopped'] },
    });
  });
});

describe('the problems of a system', () => {
  it('are those of the parts that can tell', () => {
    const parts = {
      queues: { problems: () => [] },
      tables: { problems: () => ['the thread has ended'] },
      silent: {},
    };
    expect(problemsOf(parts)).toEqual({ tables: ['the thread has ended'] });
  });
});
