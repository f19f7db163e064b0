import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { CLIENT, makeSns, subscribeQueue } from './running-sns.ts';

describe('topics and subscriptions of a template', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sns-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are found again after a restart and get what the template says now', async () => {
    const before = makeSns({ storage: new SqliteStorage(folder) });
    const { arn: topicArn } = await before.service.ensureTopic('Events', { DisplayName: 'old' });
    const filtered = { RawMessageDelivery: 'true', FilterPolicy: '{"State": ["Placed"]}' };
    const first = await subscribeQueue(before, topicArn, 'queue', filtered);
    await before.service.close();
    before.context.storage.close();

    const { queues } = before;
    const after = makeSns({ storage: new SqliteStorage(folder), queues });
    const kept = await after.service.publish({ topicArn, message: 'filtered out' }, CLIENT);
    await after.service.ensureTopic('Events', {});
    const second = await after.service.ensureSubscription({
      topicArn,
      protocol: 'sqs',
      endpoint: first.arn,
      attributes: { RawMessageDelivery: 'true' },
    });
    await after.service.publish({ topicArn, message: 'unfiltered' }, CLIENT);
    after.context.storage.close();

    expect(kept.messageId).toBeDefined();
    expect(second.arn).toBe(first.subscriptionArn);
    expect(first.bodies).toEqual(['unfiltered']);
  });
});
