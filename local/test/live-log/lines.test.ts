import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Activity } from '../../activity/activity.ts';
import { liveLog, type LogMode } from '../../live-log/live-log.ts';
import { ShortNames } from '../../live-log/short-names.ts';

const NOON = new Date(2026, 10, 22, 12, 0, 0, 7).getTime();

const sent: Activity = {
  type: 'message-sent',
  queue: 'shop-dev-OrderIntakeQueue',
  messageId: 'm1',
  body: '{}',
  caller: { kind: 'function', functionName: 'shop-dev-placeOrder', environmentId: 'env-1' },
  subject: 'ORD-01JD0000000000000000ABCDEF',
  duplicate: false,
};

const deadLetter: Activity = {
  type: 'message-dead-lettered',
  from: 'shop-dev-OrderIntakeQueue',
  deadLetterQueue: 'shop-dev-OrderIntakeDeadLetters',
  messageId: 'm1',
  reason: 'received 5 times',
};

const logged = (line: string): Activity => ({
  type: 'function-logged',
  functionName: 'shop-dev-placeOrder',
  requestId: 'r1',
  line,
});

const lineOf = (activity: Activity, mode: LogMode = 'all', colour = false): string | undefined =>
  liveLog({ mode, colour, names: new ShortNames('shop-dev-') })({
    ...activity,
    sequence: 1,
    at: NOON,
  });

describe('A line of the live log', () => {
  it('tells time, order, way and verdict', () => {
    expect(lineOf(sent)?.split(/ {2,}/)).toEqual([
      '12:00:00.007',
      '…00ABCDEF',
      'placeOrder → OrderIntakeQueue',
      'sent',
    ]);
  });

  it('says the same in colour', () => {
    const coloured = lineOf(sent, 'all', true) ?? '';

    expect(coloured).not.toBe(lineOf(sent));
    expect(stripVTControlCharacters(coloured)).toBe(lineOf(sent));
  });

  it('shows a log line that a person wrote, and leaves structured ones out', () => {
    expect(lineOf(logged('here I am'))).toContain('placeOrder: here I am');
    expect(lineOf(logged('{"level":"INFO"}'))).toBeUndefined();
  });

  it('is left out by --quiet unless something failed', () => {
    expect(lineOf(sent, 'quiet')).toBeUndefined();
    expect(lineOf(deadLetter, 'quiet')).toContain('dead letter');
  });

  it('is the whole activity with --json', () => {
    const parsed: unknown = JSON.parse(lineOf(sent, 'json') ?? '');

    expect(parsed).toEqual({ ...sent, sequence: 1, at: NOON });
  });

  it('counts the other orders of a batch', () => {
    const line = lineOf({
      type: 'function-completed',
      functionName: 'shop-dev-recordOrders',
      requestId: 'r1',
      durationMs: 5.4,
      subjects: ['A', 'B', 'A', 'C'],
    });

    expect(line).toContain('A +2');
    expect(line).toContain('5 ms');
  });
});
