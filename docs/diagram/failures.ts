import { Drawing, type Area } from '../pictures/drawing.ts';
import { KIND_TONES } from './appearance.ts';
import type { FailurePath } from './failure-paths.ts';

const SOURCE = { x: 20, width: 152 };
const CONSUMER = { x: 230, width: 124 };
const DEAD_LETTERS = { x: 500, width: 186 };
const ALARM = { x: 734, width: 96 };
const FIRST_ROW = 66;
const ROW = 70;
const BOX = 40;

/** What happens to a message that cannot be processed: retries, dead-letter queue, alarm, redrive. */
export function failures(paths: readonly FailurePath[]): string {
  const drawing = new Drawing(
    FIRST_ROW + paths.length * ROW + 2,
    'What happens to a failure',
    paths
      .map(
        ({ source, attempts, deadLetterQueue }) =>
          `${source}: after ${attempts} attempts to ${deadLetterQueue}.`,
      )
      .join(' '),
  );
  for (const [row, path] of paths.entries()) drawRow(drawing, path, FIRST_ROW + row * ROW);
  return drawing.svg();
}

function drawRow(drawing: Drawing, path: FailurePath, y: number): void {
  const isQueue = path.pauseSeconds !== undefined;
  const source = { ...SOURCE, y, height: BOX };
  const consumer = { ...CONSUMER, y, height: BOX };
  const deadLetters = { ...DEAD_LETTERS, y, height: BOX };
  const alarm = { ...ALARM, y, height: BOX };
  const middle = y + BOX / 2;
  drawing.arrow([
    { x: right(source), y: middle - 7 },
    { x: consumer.x, y: middle - 7 },
  ]);
  drawing.arrow(
    [
      { x: consumer.x, y: middle + 7 },
      { x: right(source), y: middle + 7 },
    ],
    { tone: 'red' },
  );
  drawing.arrow(
    [
      { x: right(consumer), y: middle },
      { x: deadLetters.x, y: middle },
    ],
    { tone: 'red' },
  );
  const label = { x: (right(consumer) + deadLetters.x) / 2, anchor: 'middle', size: 11 } as const;
  const tried = isQueue ? `after ${path.attempts} receives` : `after ${path.attempts} attempts`;
  drawing.text({ x: label.x, y: middle - 7 }, tried, { ...label, tone: 'red' });
  const pause = isQueue ? `${path.pauseSeconds} s apart` : 'by Lambda’s own retries';
  drawing.text({ x: label.x, y: middle + 16 }, pause, { ...label, tone: 'quiet' });
  if (path.redrive) {
    const below = y + BOX + 13;
    drawing.arrow(
      [
        { x: deadLetters.x + 40, y: y + BOX },
        { x: deadLetters.x + 40, y: below },
        { x: source.x + 60, y: below },
        { x: source.x + 60, y: y + BOX },
      ],
      { tone: 'green', dashed: true },
    );
    drawing.text({ x: label.x, y: below + 4 }, 'redrive, once the cause is gone', {
      ...label,
      tone: 'green',
      halo: true,
    });
  }
  if (path.alarm) {
    drawing.arrow(
      [
        { x: right(deadLetters), y: middle },
        { x: alarm.x, y: middle },
      ],
      { tone: 'red' },
    );
    drawing.node(alarm, 'alarm', { tone: 'red', detail: 'more than 0', radius: BOX / 2 });
  }
  drawing.node(source, path.source, {
    tone: isQueue ? KIND_TONES.queue : KIND_TONES.topic,
    radius: isQueue ? 6 : BOX / 2,
  });
  drawing.node(consumer, path.consumer ?? 'any consumer', {
    tone: path.consumer === undefined ? 'quiet' : KIND_TONES.function,
    dashed: path.consumer === undefined,
  });
  drawing.node(deadLetters, path.deadLetterQueue, {
    tone: 'red',
    detail: `keeps for ${path.keptDays} days`,
  });
}

const right = ({ x, width }: Area): number => x + width;
