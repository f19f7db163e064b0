import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readActivities } from '../../commands/activity-feed.ts';
import type { System } from '../../system/start-system.ts';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
let system: System;
beforeEach(async () => {
  system = await shop.start({ template: { Resources: { Events: SHOP.Resources.Events } } });
});
afterEach(() => shop.cleanUp());

const record = (name: string) =>
  system.activity.record({ type: 'code-reloaded', functionNames: [name] });

describe('the pages of the local system', () => {
  it('link to each other from /_local/', async () => {
    const index = await (await fetch(`${system.url}/_local/`)).text();
    const links = [...index.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const response = await fetch(`${system.url}${link}`);
      expect([link, response.status]).toEqual([link, 200]);
      await response.body?.cancel();
    }
  });

  it('list the resources', async () => {
    const response = await fetch(`${system.url}/_local/resources`);
    expect(await response.json()).toEqual({
      resources: [
        {
          logicalId: 'Events',
          type: 'AWS::SNS::Topic',
          physicalId: 'arn:aws:sns:us-east-1:000000000000:events',
        },
      ],
      unsupported: [],
      outputs: {},
      changes: [],
    });
  });

  it('tell activities from a sequence number on, and end when that is wanted', async () => {
    // Prepare
    for (const name of ['a', 'b', 'c']) record(name);

    // Act
    const told: number[] = [];
    const feed = readActivities(system.url, { since: 1, follow: false });
    for await (const { sequence } of feed) told.push(sequence);

    // Assess
    expect(told).toEqual([2, 3]);
  });

  it('follow activities as they happen', async () => {
    // Prepare
    record('before');
    const leaving = new AbortController();
    const feed = readActivities(system.url, { signal: leaving.signal });

    // Act
    const first = await feed.next();
    record('after');
    const second = await feed.next();

    // Assess
    expect(first.value).toMatchObject({ functionNames: ['before'] });
    expect(second.value).toMatchObject({ functionNames: ['after'] });
    leaving.abort();
  });

  it.each([
    ['/_local/nothing', 'GET', 404],
    ['/_local/resources', 'POST', 405],
    ['/_local/activity?since=x', 'GET', 400],
  ])('answer %s with %s by %i', async (path, method, status) => {
    const response = await fetch(`${system.url}${path}`, { method });
    expect(response.status).toBe(status);
  });
});
