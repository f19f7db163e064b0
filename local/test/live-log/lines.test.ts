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

  it.each([
    [
      'Powertools',
      {
        level: 'ERROR',
        message: 'Batch item failed',
        error: {
          name: 'OrderUnknown',
          message: 'no order A',
          stack:
            'OrderUnknown: no order A\n    at find (file:///srv/shop/find.ts:7:9)\n    at x (file:///srv/shop/y.ts:1:1)',
        },
      },
    ],
    [
      'Lambda',
      {
        level: 'ERROR',
        message: {
          errorType: 'OrderUnknown',
          errorMessage: 'no order A',
          stackTrace: [
            '    at find (file:///srv/shop/node_modules/x/i.js:1:1)',
            '    at find (/srv/shop/find.ts:7:9)',
          ],
        },
      },
    ],
  ])('shows a structured error as %s words it', (_logger, record) => {
    const line = lineOf(logged(JSON.stringify(record))) ?? '';

    expect(line).toContain('placeOrder: ERROR  ');
    expect(line).toContain('OrderUnknown: no order A');
    expect(line).toMatch(/\(\S*srv\/shop\/find\.ts:7\)$/);
    expect(lineOf(logged(JSON.stringify(record)), 'quiet')).toBe(line);
  });

  it('shows a structured warning unless --quiet', () => {
    const line = JSON.stringify({ level: 'WARN', message: 'Slow answer' });

    expect(lineOf(logged(line))).toContain('placeOrder: WARN  Slow answer');
    expect(lineOf(logged(line), 'quiet')).toBeUndefined();
  });

  it('leaves out what a filter policy leaves out, unless asked for', () => {
    const filteredOut: Activity = {
      type: 'message-filtered-out',
      topic: 'shop-dev-OrderEvents',
      protocol: 'sqs',
      endpoint: 'shop-dev-FraudQueue',
      messageId: 'm1',
    };

    expect(lineOf(filteredOut)).toBeUndefined();
    expect(lineOf(filteredOut, 'filtered')).toContain('filtered out');
  });

  it.each([60, 80, 100, 140])('fits a terminal of %i columns', (width) => {
    const long: Activity = {
      ...deadLetter,
      subject: 'A',
      reason: 'received five times '.repeat(9),
    };
    const lines = [
      sent,
      long,
      logged(JSON.stringify({ level: 'ERROR', message: 'x'.repeat(300) })),
    ];

    const lengths = lines.map(
      (activity) =>
        liveLog({
          mode: 'all',
          colour: false,
          names: new ShortNames('shop-dev-'),
          width: () => width,
        })({
          ...activity,
          sequence: 1,
          at: NOON,
        })?.length ?? 0,
    );

    expect(Math.max(...lengths)).toBeLessThanOrEqual(width);
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
