import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  localClientSettings,
  planRedrive,
  redrive,
  redriveClients,
  RedriveError,
} from 'template-runtime/commands';
import type { System } from 'template-runtime/system';
import { packagedService, PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import {
  mailed,
  NAME_PREFIX,
  PATIENCE_MS,
  placeOrder,
  runningService,
  type RunningService,
} from './running-service.ts';

const settings = { pollMs: 10, onProgress: () => undefined };
const DENIED = 'customer-13';

const deadLettered = (system: System, queue: string) =>
  system.activity.waitFor(
    'message-dead-lettered',
    ({ deadLetterQueue }) => deadLetterQueue === `${NAME_PREFIX}${queue}`,
    { timeoutMs: PATIENCE_MS },
  );

/** The packaged template, changed where its text says so. */
async function changedTemplate(
  change: (logicalId: string, text: string) => string,
): Promise<unknown> {
  const { template } = await packagedService();
  const Resources: unknown = Object.fromEntries(
    Object.entries(template.Resources).map(([logicalId, resource]) => [
      logicalId,
      JSON.parse(change(logicalId, JSON.stringify(resource))),
    ]),
  );
  return { ...template, Resources };
}

describe('A redrive of what SNS could not deliver to a queue', () => {
  let service: RunningService;
  const shut = ['FraudQueuePolicy', 'AllOrdersQueuePolicy'];

  beforeAll(async () => {
    service = await runningService({
      template: await changedTemplate((logicalId, text) =>
        shut.includes(logicalId)
          ? text.replace('"Service":"sns.amazonaws.com"', '"Service":"s3.amazonaws.com"')
          : text,
      ),
    });
  }, PACKAGING_TIMEOUT_MS);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
  });

  it('sends raw and enveloped letters on to the queue of their subscription', async () => {
    // Prepare
    const { system, shop } = service;
    const clients = redriveClients(localClientSettings(system.url));
    const orderId = await placeOrder(shop, 'undelivered');
    await Promise.all([
      deadLettered(system, 'FraudDeadLetters.fifo'),
      deadLettered(system, 'AllOrdersDeadLetters'),
    ]);

    // Act
    const plans = await planRedrive(clients, system.resources);
    const waiting = plans.filter((plan) => plan.waiting > 0);
    const results = await Promise.all(waiting.map((plan) => redrive(clients, plan, settings)));

    // Assess
    expect(waiting.map(({ way }) => way)).toEqual(
      ['FraudQueue.fifo', 'AllOrdersQueue'].map((queue) => ({
        kind: 'move',
        destinationArns: [`arn:aws:sqs:us-east-1:000000000000:${NAME_PREFIX}${queue}`],
      })),
    );
    expect(results).toEqual([
      { moved: 1, kept: [] },
      { moved: 1, kept: [] },
    ]);
    const timeline = await system.activity.waitFor(
      'item-written',
      ({ table, key }) => table.endsWith('OrderTimelineTable') && (key ?? '').includes(orderId),
      { timeoutMs: PATIENCE_MS },
    );
    expect(timeline).toBeDefined();
    expect(await mailed(system, orderId)).toBe(`Order ${orderId}: shipped`);
  }, 90_000);
});

describe('A redrive of what was meant for a function', () => {
  it('keeps a letter that fails again, and invokes the function until it succeeds', async () => {
    // Prepare
    await using service = await runningService({
      template: await changedTemplate((_logicalId, text) =>
        text.replace('"MaximumRetryAttempts":2', '"MaximumRetryAttempts":0'),
      ),
    });
    const { system, shop } = service;
    const clients = redriveClients(localClientSettings(system.url));
    const ses = new SESv2Client(localClientSettings(system.url));
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'other.example' }));
    const orderId = await placeOrder(shop, 'not-told');
    await deadLettered(system, 'EmailDeadLetters');

    // Act
    const [plan] = await planRedrive(clients, system.resources, 'EmailDeadLetters');
    if (!plan) throw new RedriveError('EmailDeadLetters was not found');
    const failed = await redrive(clients, plan, settings);
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.org' }));
    const repaired = await redrive(clients, plan, settings);
    const again = await redrive(clients, plan, settings);

    // Assess
    expect(failed).toMatchObject({
      moved: 0,
      kept: [{ reason: expect.stringContaining('emailCustomers failed again') }],
    });
    expect(repaired).toEqual({ moved: 1, kept: [] });
    expect(await mailed(system, orderId)).toBe(`Order ${orderId}: shipped`);
    expect(again).toEqual({ moved: 0, kept: [] });
  }, 120_000);

  it('hands over a notification that SNS could not, and keeps what is neither', async () => {
    // Prepare
    await using service = await runningService({
      template: await changedTemplate((logicalId, text) => {
        if (logicalId === 'EmailCustomersSnsSubscriptionOrderEvents') {
          return text.replace('"Declined"', '"Nothing"');
        }
        return logicalId === 'AllOrdersQueuePolicy'
          ? text.replace('"Service":"sns.amazonaws.com"', '"Service":"s3.amazonaws.com"')
          : text;
      }),
    });
    const { system, shop } = service;
    const { sqs, ...others } = redriveClients(localClientSettings(system.url));
    const urlOf = (name: string) => system.sqs.queueByName(`${NAME_PREFIX}${name}`)?.url;
    const orderId = await placeOrder(shop, DENIED);
    const declined = await letterAbout(`${orderId}:Declined`);
    const QueueUrl = urlOf('EmailDeadLetters');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: declined }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'neither' }));

    // Act
    const clients = { sqs, ...others };
    const [plan] = await planRedrive(clients, system.resources, 'EmailDeadLetters');
    if (!plan) throw new RedriveError('EmailDeadLetters was not found');
    const result = await redrive(clients, plan, { ...settings, rate: 100 });

    // Assess
    expect(plan.waiting).toBe(2);
    expect(result).toMatchObject({
      moved: 1,
      kept: [{ reason: expect.stringContaining('neither the record of a failed invocation') }],
    });
    expect(await mailed(system, orderId)).toBe(`Order ${orderId}: declined`);

    /** SNS writes to the dead-letter queue of a function's subscription what it writes to this one. */
    async function letterAbout(eventId: string): Promise<string> {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: urlOf('AllOrdersDeadLetters'),
            WaitTimeSeconds: 20,
          }),
        );
        const body = Messages[0]?.Body ?? '';
        if (body.includes(eventId)) return body;
      }
    }
  }, 120_000);
});

describe('The plan of a redrive', () => {
  it(
    'knows the dead-letter queues of the template, and names the queues there are',
    async () => {
      await using service = await runningService({ runEventSources: false });
      const { system } = service;
      const clients = redriveClients(localClientSettings(system.url));

      const all = await planRedrive(clients, system.resources);
      const ofQueue = await planRedrive(clients, system.resources, 'OrderIntakeQueue');

      const names = all.map(({ deadLetterQueueArn, way }) => [
        deadLetterQueueArn.split('-').at(-1),
        way.kind,
      ]);
      expect(Object.fromEntries(names)).toEqual({
        OrderIntakeDeadLetters: 'move',
        'OrderUpdatesDeadLetters.fifo': 'move',
        'FraudDeadLetters.fifo': 'move',
        'ShippingDeadLetters.fifo': 'move',
        PlacedOrdersDeadLetters: 'move',
        DeclinedOrdersDeadLetters: 'move',
        AllOrdersDeadLetters: 'move',
        EmailDeadLetters: 'invoke',
      });
      expect(ofQueue).toEqual([
        expect.objectContaining({
          deadLetterQueueUrl: system.sqs.queueByName(`${NAME_PREFIX}OrderIntakeDeadLetters`)?.url,
        }),
      ]);
      await expect(planRedrive(clients, system.resources, 'NoSuchQueue')).rejects.toThrow(
        /no queue NoSuchQueue; there are AllOrdersDeadLetters, .*OrderIntakeQueue/,
      );
    },
    PACKAGING_TIMEOUT_MS,
  );

  it(
    'is what the command prints with --dry-run, which moves nothing',
    async () => {
      await using service = await runningService({ runEventSources: false });
      const { system } = service;
      const clients = redriveClients(localClientSettings(system.url));
      await clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: system.sqs.queueByName(`${NAME_PREFIX}EmailDeadLetters`)?.url,
          MessageBody: 'a letter',
        }),
      );

      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['local/commands/redrive.ts', '--all', '--dry-run'],
        { env: { ...process.env, AWS_ENDPOINT_URL: system.url } },
      );

      const [plan] = await planRedrive(clients, system.resources, 'EmailDeadLetters');
      expect(stdout).toContain(
        `${NAME_PREFIX}EmailDeadLetters → ${NAME_PREFIX}emailCustomers: 1 waiting\n`,
      );
      expect(stdout).toContain(`${NAME_PREFIX}FraudDeadLetters.fifo is empty`);
      expect(plan?.waiting).toBe(1);
    },
    PACKAGING_TIMEOUT_MS,
  );
});
