import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { eventSources, sharedConcurrency } from './rules/event-sources.ts';

const TIMELINE = 'RecordTimelineEventSourceMappingSQSAllOrdersQueue';
const FRAUD = 'ScreenOrdersEventSourceMappingSQSFraudQueue';
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('the event sources of functions', () => {
  it('are ones that Lambda takes, with partial batch responses', () => {
    expect(eventSources(template)).toEqual([]);
  });

  it.each([
    [TIMELINE, 'MaximumBatchingWindowInSeconds', 0, 'over 10 messages without a batching window'],
    [TIMELINE, 'MaximumBatchingWindowInSeconds', 301, 'a window over 300 s'],
    [TIMELINE, 'BatchSize', 10_001, 'over 10,000 messages'],
    [TIMELINE, 'ScalingConfig', { MaximumConcurrency: 1 }, 'a concurrency outside 2 to 1000'],
    [TIMELINE, 'ScalingConfig', undefined, 'takes all the concurrency that is there'],
    [FRAUD, 'BatchSize', 11, 'over 10 messages from a FIFO queue'],
    [FRAUD, 'MaximumBatchingWindowInSeconds', 1, 'a batching window on a FIFO queue'],
    [FRAUD, 'FunctionResponseTypes', [], 'one bad message would fail the whole batch'],
  ])('are refused: %s with %s %j', (id, property, value, finding) => {
    expect(eventSources(withProperty(template, id, property, value))).toEqual([
      `${id}: ${finding}`,
    ]);
  });

  it('fit together into the concurrency of a new account', () => {
    const greedy = withProperty(template, FRAUD, 'ScalingConfig', { MaximumConcurrency: 3 });

    expect(sharedConcurrency(template)).toEqual([]);
    expect(sharedConcurrency(greedy)).toEqual(['the queues take 11 of the 10 that an account has']);
  });
});
