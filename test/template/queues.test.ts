import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import {
  deadLetterQueues,
  queueSettings,
  unreadQueues,
  visibilityTimeouts,
} from './rules/queues.ts';

let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('the settings of queues', () => {
  it('are ones that SQS takes, with long polling and high-throughput FIFO', () => {
    expect(queueSettings(template)).toEqual([]);
  });

  it.each([
    ['OrderIntakeQueue', 'QueueName', 'q'.repeat(81), 'its name is over 80 characters'],
    ['FraudQueue', 'QueueName', 'no-suffix', '.fifo in the name, or FifoQueue'],
    ['OrderIntakeQueue', 'ReceiveMessageWaitTimeSeconds', 0, 'no long polling'],
    ['OrderIntakeQueue', 'MessageRetentionPeriod', 1_209_601, 'retention is not within'],
    ['FraudQueue', 'ContentBasedDeduplication', true, 'deduplicates by content'],
    ['FraudQueue', 'DeduplicationScope', 'queue', 'is not high-throughput FIFO'],
  ])('are refused for %s with %s %s', (id, property, value, finding) => {
    const findings = queueSettings(withProperty(template, id, property, value));

    expect(findings).toEqual([expect.stringContaining(`${id}: ${finding}`)]);
  });
});

describe('the dead-letter queue of a queue', () => {
  it('is there for each, of the same type, keeps messages longer and admits no other', () => {
    expect(deadLetterQueues(template)).toEqual([]);
  });

  it('is missed', () => {
    const broken = withProperty(template, 'PlacedOrdersQueue', 'RedrivePolicy', undefined);

    expect(deadLetterQueues(broken)).toContain('PlacedOrdersQueue: has no dead-letter queue');
  });

  it('is refused when it is of the other type', () => {
    const broken = withProperty(template, 'FraudDeadLetters', 'FifoQueue', false);

    expect(deadLetterQueues(broken)).toEqual(['FraudQueue: FraudDeadLetters is of the other type']);
  });

  it('is refused when it forgets sooner', () => {
    const broken = withProperty(template, 'FraudDeadLetters', 'MessageRetentionPeriod', 3600);

    expect(deadLetterQueues(broken)).toEqual([
      'FraudQueue: FraudDeadLetters keeps messages for a shorter time',
    ]);
  });

  it('is refused when another queue uses it too', () => {
    const broken = withProperty(template, 'AllOrdersQueue', 'RedrivePolicy.deadLetterTargetArn', {
      'Fn::GetAtt': ['OrderIntakeDeadLetters', 'Arn'],
    });

    expect(deadLetterQueues(broken)).toEqual([
      expect.stringContaining('OrderIntakeDeadLetters: admits'),
      'AllOrdersDeadLetters: redrivePermission is not denyAll',
    ]);
  });
});

describe('the visibility timeout of a queue', () => {
  it('is six times the timeout of its consumer, plus the window', () => {
    expect(visibilityTimeouts(template)).toEqual([]);
  });

  it('is refused when the window is left out of it', () => {
    const broken = withProperty(template, 'AllOrdersQueue', 'VisibilityTimeout', 180);

    expect(visibilityTimeouts(broken)).toEqual(['AllOrdersQueue: hides for 180 s, needs 181 s']);
  });
});

describe('the readers of queues', () => {
  it('are functions, except where somebody pulls', () => {
    expect(unreadQueues(template, ['PlacedOrdersQueue', 'DeclinedOrdersQueue'])).toEqual([]);
  });

  it('are missed where there is none', () => {
    expect(unreadQueues(template, ['PlacedOrdersQueue'])).toEqual([
      'DeclinedOrdersQueue: nobody reads it',
    ]);
  });
});
