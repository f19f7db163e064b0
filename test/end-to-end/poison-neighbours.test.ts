import { join } from 'node:path';

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileCacheOf, ensurePackaged, openPackage } from 'template-runtime/package';
import { startSystem, type System } from 'template-runtime/system';

import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { sqsClient } from './running-service.ts';

const SERVICE = join(import.meta.dirname, 'poison-service');
const PATIENCE_MS = 60_000;

interface Message {
  readonly name: string;
  readonly does: 'work' | 'throw' | 'end the process';
  readonly group?: string;
}

/** Two messages that end the function among 200. */
const unordered = Array.from({ length: 200 }, (_, place): Message =>
  place === 33 || place === 127
    ? { name: `killer-${place}`, does: 'end the process' }
    : { name: `order-${place}`, does: 'work' },
);

/** Two groups, one with a poison at its head and one with two, among groups of one message. */
const ordered: readonly Message[] = [
  { name: 'thrower', does: 'throw', group: 'a' },
  { name: 'second-thrower', does: 'throw', group: 'a' },
  ...named('a', 4).map((name): Message => ({ name, does: 'work', group: 'a' })),
  ...named('c', 10).map((name): Message => ({ name, does: 'work', group: name })),
  { name: 'killer', does: 'end the process', group: 'b' },
  ...named('b', 4).map((name): Message => ({ name, does: 'work', group: 'b' })),
];

function named(group: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `${group}-${place}`);
}

let system: System;
let outcomes: { readonly unordered: Promise<Outcome>; readonly ordered: Promise<Outcome> };
beforeAll(async () => {
  await ensurePackaged(SERVICE);
  const { template, codeFolder } = await openPackage(SERVICE);
  system = await startSystem({
    template,
    codeFolder,
    port: 0,
    anyPortIfTaken: true,
    runEventSources: true,
    compileCacheFolder: compileCacheOf(SERVICE),
  });
  outcomes = {
    unordered: outcomeOf('WorkQueue', unordered),
    ordered: outcomeOf('OrderedQueue.fifo', ordered),
  };
}, PACKAGING_TIMEOUT_MS);
afterAll(() => system.stop());

interface Outcome {
  /** The names of the messages that were worked, in their order. */
  readonly worked: readonly string[];
  /** The names of the messages in the dead-letter queue. */
  readonly dead: readonly string[];
}

/** Sends messages before any is received, and resolves when each of them has left the queue. */
async function outcomeOf(queue: string, messages: readonly Message[]): Promise<Outcome> {
  const name = `poison-service-dev-${queue}`;
  const mappings = system.eventSources
    .descriptions()
    .filter(({ EventSourceArn }) => EventSourceArn.endsWith(`:${name}`))
    .map(({ UUID }) => UUID);
  await Promise.all(mappings.map((mapping) => system.eventSources.pause(mapping)));
  const names = await send(name, messages);

  const worked: string[] = [];
  const dead: string[] = [];
  const gone = new Set<string>();
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const stop = system.activity.subscribe((happened) => {
    if (happened.type === 'function-logged') {
      const workedName = /worked ([\w-]+)/.exec(happened.line)?.[1];
      if (workedName !== undefined) worked.push(workedName);
    }
    if (happened.type === 'message-dead-lettered' && happened.from === name) {
      dead.push(names.get(happened.messageId) ?? '');
      gone.add(happened.messageId);
    }
    if (happened.type === 'message-deleted' && happened.queue === name) {
      gone.add(happened.messageId);
    }
    if (gone.size === messages.length) resolve();
  });
  for (const mapping of mappings) system.eventSources.resume(mapping);
  await over;
  stop();
  return { worked, dead: dead.toSorted() };
}

/** Sends messages in their order and answers with their names by message id. */
async function send(
  queue: string,
  messages: readonly Message[],
): Promise<ReadonlyMap<string | undefined, string>> {
  const sqs = sqsClient(system);
  const names = new Map<string | undefined, string>();
  for (let start = 0; start < messages.length; start += 10) {
    const batch = messages.slice(start, start + 10);
    const { Successful = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: system.sqs.queueByName(queue)?.url,
        Entries: batch.map(({ group, ...message }, place) => ({
          Id: String(place),
          MessageBody: JSON.stringify(message),
          ...(group !== undefined && {
            MessageGroupId: group,
            MessageDeduplicationId: message.name,
          }),
        })),
      }),
    );
    for (const { Id, MessageId } of Successful) names.set(MessageId, batch[Number(Id)]?.name ?? '');
  }
  sqs.destroy();
  return names;
}

describe('Of 200 messages on a standard queue, two that end the function', () => {
  it(
    'die alone, and all others are worked',
    async () => {
      const { worked, dead } = await outcomes.unordered;

      const others = unordered.filter(({ does }) => does === 'work').map(({ name }) => name);
      expect(dead).toEqual(['killer-127', 'killer-33']);
      expect(others.filter((name) => !worked.includes(name))).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('On a FIFO queue, a poison at the head of its group', () => {
  it(
    'dies alone, and its followers are worked in their order',
    async () => {
      const { worked, dead } = await outcomes.ordered;

      expect(dead).toEqual(['killer', 'second-thrower', 'thrower']);
      for (const group of ['a', 'b']) {
        const followers = named(group, 4);
        expect(worked.filter((name) => followers.includes(name))).toEqual(followers);
      }
      expect(named('c', 10).filter((name) => !worked.includes(name))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
