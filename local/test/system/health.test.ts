import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
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

  it('answers 503 and names DynamoDB while its thread is dead', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const template = { Resources: { Table: SHOP.Resources.Table } };
    const system = await shop.start({ template, dataDir, onError: () => {} });
    const { dynamodb } = shop.clients(system);
    const TableName = system.resources[0]?.physicalId;
    const padding = { S: 'x'.repeat(300_000) };
    const fill = async (): Promise<void> => {
      for (let id = 0; ; id++) {
        const Item = { orderId: { S: `ORD-${id}` }, padding };
        await dynamodb.send(new PutItemCommand({ TableName, Item }));
      }
    };

    // Act
    // A new log file is needed every few megabytes, and now there is no place for it.
    const store = join(dataDir, 'dynamodb');
    await rename(store, `${store}-away`);
    await writeFile(store, 'no folder');
    await expect(fill()).rejects.toBeInstanceOf(Error);
    const response = await fetch(`${system.url}/_local/health`);
    await rm(store);
    await rename(`${store}-away`, store);

    // Assess
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      healthy: false,
      problems: { dynamodb: [expect.stringContaining('The DynamoDB thread ended')] },
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
