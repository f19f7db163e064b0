import { ATTRIBUTES, BODY, SUBSCRIPTIONS } from '../../../labs/message-filtering/lab.ts';
import { Drawing } from '../drawing.ts';

const TOP = 62;
const ROW = 30;
const MESSAGE = { x: 20, width: 216, height: 166 };
const TRUNK = 262;
const SIEVE = { x: 300, width: 340 };
const QUEUE = { x: 726, width: 104 };

/** The message of the lab, and which of its filters it falls through. */
export function filterSieve(): string {
  const height = SUBSCRIPTIONS.length * ROW;
  const drawing = new Drawing(
    TOP + height + 12,
    'Filter policies: one message, a sieve for each subscription',
    SUBSCRIPTIONS.map(
      ([, filter, delivered]) => `${filter}: ${delivered ? 'delivered' : 'filtered out'}.`,
    ).join(' '),
  );
  const middle = TOP + height / 2;
  for (const [row, [name, filter, delivered]] of SUBSCRIPTIONS.entries()) {
    const y = TOP + row * ROW + ROW / 2 - 4;
    const tone = delivered ? 'green' : 'red';
    drawing.arrow(
      [
        { x: MESSAGE.x + MESSAGE.width, y: middle },
        { x: TRUNK, y: middle },
        { x: TRUNK, y },
        { x: SIEVE.x, y },
      ],
      { tone: 'blue' },
    );
    drawing.box({ ...SIEVE, y: y - 11, height: 22 }, { tone, dashed: true });
    drawing.text({ x: SIEVE.x + 10, y: y + 4 }, filter, { size: 12 });
    if (delivered) {
      drawing.arrow(
        [
          { x: SIEVE.x + SIEVE.width, y },
          { x: QUEUE.x, y },
        ],
        { tone },
      );
      drawing.node({ ...QUEUE, y: y - 11, height: 22 }, name, { tone: 'violet' });
    } else {
      drawing.text({ x: SIEVE.x + SIEVE.width + 12, y: y + 4 }, 'filtered out', {
        size: 12,
        tone,
      });
    }
  }
  const box = { ...MESSAGE, y: middle - MESSAGE.height / 2 };
  drawing.box(box, { tone: 'blue' });
  const lines = [
    ...Object.entries(ATTRIBUTES).map(([name, { StringValue = '' }]) => `${name}: ${StringValue}`),
    ...(JSON.stringify(JSON.parse(BODY)).match(/.{1,27}/g) ?? []),
  ];
  drawing.text({ x: box.x + 12, y: box.y + 22 }, 'message attributes', { size: 11, tone: 'quiet' });
  let y = box.y + 40;
  for (const [place, line] of lines.entries()) {
    if (place === Object.keys(ATTRIBUTES).length) {
      drawing.text({ x: box.x + 12, y: y + 4 }, 'body', { size: 11, tone: 'quiet' });
      y += 20;
    }
    drawing.text({ x: box.x + 12, y }, line, { size: 11, code: true });
    y += 15;
  }
  return drawing.svg();
}
