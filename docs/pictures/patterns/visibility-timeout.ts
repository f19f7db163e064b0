import { Drawing } from '../drawing.ts';
import { TimeAxis } from '../time-axis.ts';

interface Delivery {
  readonly consumer: string;
  readonly at: number;
  readonly works: number;
  /** When the visibility timeout is set anew. */
  readonly extendedAt?: readonly number[];
}

interface Case {
  readonly title: string;
  readonly deliveries: readonly Delivery[];
}

const TIMEOUT = 30;
const CASES: readonly Case[] = [
  {
    title: 'The work is shorter than the visibility timeout: deleted in time',
    deliveries: [{ consumer: 'consumer A', at: 2, works: 18 }],
  },
  {
    title: 'The work is longer: the message is delivered a second time, and worked on twice',
    deliveries: [
      { consumer: 'consumer A', at: 2, works: 42 },
      { consumer: 'consumer B', at: 32, works: 42 },
    ],
  },
  {
    title: `ChangeMessageVisibility after 20 s, for another ${TIMEOUT} s: one delivery`,
    deliveries: [{ consumer: 'consumer A', at: 2, works: 42, extendedAt: [22] }],
  },
];

const LEFT = 130;
const LANE = 26;
const BAR = 18;

/** How long a message is out of sight, and what comes of work that takes longer. */
export function visibilityTimeout(): string {
  const lanes = CASES.reduce((sum, { deliveries }) => sum + 1 + deliveries.length, 0);
  const bottom = 56 + lanes * LANE + CASES.length * 40 - 8;
  const drawing = new Drawing(
    bottom + 32,
    `Visibility timeout: ${TIMEOUT} s`,
    CASES.map(({ title }) => title).join('. '),
  );
  const axis = new TimeAxis(LEFT, 90);
  axis.draw(drawing, { top: 52, bottom, every: 10 });
  let y = 62;
  for (const { title, deliveries } of CASES) {
    drawing.text({ x: 20, y: y + 10 }, title, { bold: true, size: 12.5, halo: true });
    y += 22;
    drawing.text({ x: 20, y: y + 13 }, 'the message', { size: 12, tone: 'quiet' });
    for (const delivery of deliveries) drawInvisible(drawing, axis, delivery, deliveries, y);
    for (const { consumer, at, works } of deliveries) {
      y += LANE;
      drawing.text({ x: 20, y: y + 13 }, consumer, { size: 12, tone: 'quiet' });
      const area = { x: axis.x(at), y, width: axis.x(at + works) - axis.x(at), height: BAR };
      drawing.box(area, { tone: 'amber', radius: 3 });
      drawing.text({ x: area.x + 8, y: y + 13 }, `works for ${works} s`, {
        size: 11,
        tone: 'amber',
      });
      const late = deliveries.length > 1;
      drawing.dot({ x: axis.x(at + works), y: y + BAR / 2 }, late ? 'red' : 'green');
      drawing.text(
        { x: axis.x(at + works) + 10, y: y + 13 },
        late ? 'done, too late' : 'deletes it',
        { size: 11, tone: late ? 'red' : 'green', halo: true },
      );
    }
    y += LANE + 18;
  }
  return drawing.svg();
}

/** Out of sight until it is deleted, or else until the timeout has passed since it was last set. */
function drawInvisible(
  drawing: Drawing,
  axis: TimeAxis,
  { at, works, extendedAt = [] }: Delivery,
  deliveries: readonly Delivery[],
  y: number,
): void {
  const runsOut = (extendedAt.at(-1) ?? at) + TIMEOUT;
  const end = Math.min(at + works, runsOut);
  const area = { x: axis.x(at), y, width: axis.x(end) - axis.x(at), height: BAR };
  drawing.box(area, { tone: 'violet', radius: 3 });
  drawing.text({ x: area.x + 8, y: y + 13 }, 'invisible', { size: 11, tone: 'violet' });
  for (const moment of extendedAt) {
    const x = axis.x(moment);
    drawing.line(
      [
        { x, y: y - 3 },
        { x, y: y + BAR + 3 },
      ],
      { tone: 'blue', width: 2 },
    );
    drawing.text({ x: x + 6, y: y + 13 }, `+${TIMEOUT} s`, { size: 11, tone: 'blue' });
  }
  if (at + works <= runsOut || deliveries.some((other) => other.at === runsOut)) return;
  drawing.text({ x: axis.x(end) + 10, y: y + 13 }, 'visible again', {
    size: 11,
    tone: 'red',
    halo: true,
  });
}
