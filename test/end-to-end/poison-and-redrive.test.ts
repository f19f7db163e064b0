import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import {
  localClientSettings,
  planRedrive,
  redrive,
  redriveClients,
} from 'template-runtime/commands';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import {
  impatientTemplate,
  mailed,
  NAME_PREFIX,
  placeOrder,
  runningService,
  sqsClient,
} from './running-service.ts';

const QUEUE = `${NAME_PREFIX}OrderIntakeQueue`;

describe('A message that no attempt can handle', () => {
  it(
    'ends in the dead-letter queue, holds up nobody, and comes back by a redrive',
    async () => {
      // Prepare
      await using service = await runningService({
        template: await impatientTemplate({ maxReceiveCount: 1 }),
      });
      const { system, shop } = service;
      const sqs = sqsClient(system);

      // Act
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: system.sqs.queueByName(QUEUE)?.url,
          MessageBody: 'not an order',
        }),
      );
      const neighbour = await placeOrder(shop, 'neighbour');
      const deadLetter = await system.activity.waitFor(
        'message-dead-lettered',
        ({ from }) => from === QUEUE,
      );
      const clients = redriveClients(localClientSettings(system.url));
      const [plan] = await planRedrive(clients, system.resources, 'OrderIntakeQueue');
      const result =
        plan && (await redrive(clients, plan, { pollMs: 10, onProgress: () => undefined }));
      const again = await system.activity.waitFor('message-dead-lettered', undefined, {
        after: deadLetter.sequence,
      });

      // Assess
      expect(deadLetter.deadLetterQueue).toBe(`${NAME_PREFIX}OrderIntakeDeadLetters`);
      expect(await mailed(system, neighbour)).toBe(`Order ${neighbour}: shipped`);
      expect(plan?.waiting).toBe(1);
      expect(result).toEqual({ moved: 1, kept: [] });
      expect(again.from).toBe(QUEUE);
    },
    PACKAGING_TIMEOUT_MS,
  );
});
