import { readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUpDynamoDb, dataFolder, ORDERS, startDynamoDb } from './running-dynamodb.ts';

afterEach(cleanUpDynamoDb);

type Running = Awaited<ReturnType<typeof startDynamoDb>>;

const put = (client: Running['client'], id: number, padding = '') =>
  client.send(
    new PutItemCommand({
      TableName: 'Orders',
      Item: { orderId: { S: `ORD-${id}` }, padding: { S: padding || 'x' } },
    }),
  );

/** A data folder into which ten items were written. */
async function writtenFolder(): Promise<string> {
  const dataDir = await dataFolder();
  const { client, stop } = await startDynamoDb({ dataDir, tables: [ORDERS] });
  for (let id = 0; id < 10; id++) await put(client, id);
  await stop();
  return dataDir;
}

describe('the store of DynamoDB', () => {
  it('is refused when its log lost its end', async () => {
    // Prepare
    const dataDir = await writtenFolder();
    const folder = join(dataDir, 'dynamodb');
    const log = join(folder, (await readdir(folder)).find((name) => name.endsWith('.log')) ?? '');

    // Act
    await truncate(log, Math.floor((await stat(log)).size / 2));

    // Assess
    await expect(startDynamoDb({ dataDir })).rejects.toMatchObject({
      name: 'StoreIncompleteError',
      message: expect.stringMatching(/dynamodb in the data folder .* of the 10 writes/),
    });
  });

  it('is refused when its folder is gone, and taken as it is when that is wanted', async () => {
    // Prepare
    const dataDir = await writtenFolder();
    await rm(join(dataDir, 'dynamodb'), { recursive: true });

    // Act
    const start = startDynamoDb({ dataDir });

    // Assess
    await expect(start).rejects.toThrow(/it holds 0 of the 10 writes.*--accept-data-loss/);
    const { service, stop } = await startDynamoDb({ dataDir, acceptLoss: true });
    expect((await service.call('ListTables', {})).body).toBe('{"TableNames":[]}');
    await stop();
    await startDynamoDb({ dataDir });
  });

  it('tells when the state beside it is gone', async () => {
    // Prepare
    const dataDir = await writtenFolder();
    const files = (await readdir(dataDir)).filter((name) => name.startsWith('state.sqlite'));
    for (const name of files) await rm(join(dataDir, name));

    // Act
    const start = startDynamoDb({ dataDir });

    // Assess
    await expect(start).rejects.toThrow(/state\.sqlite is damaged: it is missing or empty/);
  });

  it('is opened again on the same port when it could be written no more', async () => {
    // Prepare
    const dataDir = await dataFolder();
    const failures: unknown[] = [];
    const { service, client } = await startDynamoDb({
      dataDir,
      tables: [ORDERS],
      onError: (error) => failures.push(error),
    });
    const folder = join(dataDir, 'dynamodb');
    const padding = 'x'.repeat(100_000);
    await put(client, 0);

    // Act
    // A new log file is needed every few megabytes, and now there is no place for it.
    await rename(folder, `${folder}-away`);
    await writeFile(folder, 'no folder');
    let written = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await put(client, written + 1, padding);
        written += 1;
      }
    };
    await expect(fill()).rejects.toBeInstanceOf(Error);
    const problems = service.problems();
    await rm(folder);
    await rename(`${folder}-away`, folder);

    // Assess
    expect(problems).toEqual([expect.stringContaining('The DynamoDB thread ended')]);
    expect(failures).not.toEqual([]);
    await service.ready();
    expect(service.problems()).toEqual([]);
    for (let id = 0; id <= written; id++) {
      const key = { orderId: { S: `ORD-${id}` } };
      const found = await client.send(new GetItemCommand({ TableName: 'Orders', Key: key }));
      expect([id, found.Item?.['orderId']]).toEqual([id, key.orderId]);
    }
  });
});
