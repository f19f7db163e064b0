import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { System } from '../../system/start-system.ts';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const QUEUES_AND_TABLE = {
  Resources: { Kept: SHOP.Resources.Kept, Table: SHOP.Resources.Table },
  Outputs: { KeptUrl: SHOP.Outputs.KeptUrl },
};

const send = (sqs: SQSClient, QueueUrl: string | undefined, MessageBody: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody,
      MessageGroupId: 'group',
      MessageDeduplicationId: MessageBody,
    }),
  );

async function receivedBodies(sqs: SQSClient, system: System): Promise<(string | undefined)[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: system.outputs['KeptUrl'], MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body);
}

const item = { orderId: { S: 'ORD-1' } };

describe('a system with a data folder', () => {
  it('has its messages and items again after a restart', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const before = await shop.start({ template: QUEUES_AND_TABLE, dataDir });
    const clients = shop.clients(before);
    await send(clients.sqs, before.outputs['KeptUrl'], 'one');
    await send(clients.sqs, before.outputs['KeptUrl'], 'two');
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'shop-Table', Item: item }));
    await before.stop();

    // Act
    const after = await shop.start({ template: QUEUES_AND_TABLE, dataDir });

    // Assess
    const { sqs, dynamodb } = shop.clients(after);
    expect(await receivedBodies(sqs, after)).toEqual(['one', 'two']);
    const found = await dynamodb.send(new GetItemCommand({ TableName: 'shop-Table', Key: item }));
    expect(found.Item).toEqual(item);
  });

  it('loses nothing that was answered when its process is killed', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const script = join(await shop.folder(), 'system.ts');
    const startSystem = new URL('../../../local/system/start-system.ts', import.meta.url).href;
    await writeFile(
      script,
      `import { startSystem } from ${JSON.stringify(startSystem)};
       const system = await startSystem({
         template: ${JSON.stringify(QUEUES_AND_TABLE)},
         codeFolder: () => '',
         port: 0,
         anyPortIfTaken: true,
         runEventSources: true,
         stackName: 'shop',
         dataDir: ${JSON.stringify(dataDir)},
       });
       console.log(JSON.stringify({ url: system.url, outputs: system.outputs }));`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    shop.afterwards(() => child.kill('SIGKILL'));
    const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
    const running: Pick<System, 'url' | 'outputs'> = JSON.parse(String(line));
    const clients = shop.clients({ ...running } as System);
    const bodies = Array.from({ length: 5 }, (_, index) => `message-${index}`);
    for (const body of bodies) await send(clients.sqs, running.outputs['KeptUrl'], body);
    await clients.dynamodb.send(new PutItemCommand({ TableName: 'shop-Table', Item: item }));

    // Act
    child.kill('SIGKILL');
    await exited;
    const after = await shop.start({ template: QUEUES_AND_TABLE, dataDir });

    // Assess
    const { sqs, dynamodb } = shop.clients(after);
    expect(await receivedBodies(sqs, after)).toEqual(bodies);
    const found = await dynamodb.send(new GetItemCommand({ TableName: 'shop-Table', Key: item }));
    expect(found.Item).toEqual(item);
  });

  it('takes off a queue policy that the template has no more', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const before = await shop.start({ dataDir });
    expect(before.sqs.queueByName('shop-Orders')?.policy).toBeDefined();
    await before.stop();
    const { OrdersPolicy: _, ...Resources } = SHOP.Resources;
    const { DependsOn: __, ...OrdersSubscription } = Resources.OrdersSubscription;

    // Act
    const after = await shop.start({
      dataDir,
      template: { ...SHOP, Resources: { ...Resources, OrdersSubscription } },
    });

    // Assess
    expect(after.sqs.queueByName('shop-Orders')?.policy).toBeUndefined();
  });

  it('is refused while another system holds the folder', async () => {
    // Prepare
    const dataDir = await shop.folder();
    await shop.start({ template: QUEUES_AND_TABLE, dataDir });

    // Act
    const second = shop.start({ template: QUEUES_AND_TABLE, dataDir });

    // Assess
    await expect(second).rejects.toThrow(/is in use by another local system/);
  });
});
