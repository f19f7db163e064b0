import { Drawing } from '../drawing.ts';
import type { Tone } from '../theme.ts';

type Fate = 'handled' | 'in flight' | 'failed' | 'waits';

interface Lane {
  readonly group: string;
  /** The oldest first. */
  readonly messages: readonly (readonly [name: string, fate: Fate])[];
}

const LANES: readonly Lane[] = [
  {
    group: 'order-1',
    messages: [
      ['Placed', 'handled'],
      ['Approved', 'handled'],
      ['Shipped', 'in flight'],
    ],
  },
  {
    group: 'order-2',
    messages: [
      ['Placed', 'handled'],
      ['Approved', 'failed'],
      ['Shipped', 'waits'],
    ],
  },
  {
    group: 'order-3',
    messages: [
      ['Placed', 'handled'],
      ['Cancelled', 'handled'],
    ],
  },
];

const TONES: Readonly<Record<Fate, Tone>> = {
  handled: 'green',
  'in flight': 'amber',
  failed: 'red',
  waits: 'quiet',
};
const TOP = 88;
const LANE = 62;
const BOX = { width: 112, height: 40 };
const RIGHT = 826;
const GATE = 480;

/** One lane for each message group: order within, none between, and a failure stops its own only. */
export function fifoLanes(): string {
  const bottom = TOP + LANES.length * LANE;
  const drawing = new Drawing(
    bottom + 12,
    'FIFO queue: a failing message blocks its group and no other',
    LANES.map(
      ({ group, messages }) =>
        `${group}: ${messages.map(([name, fate]) => `${name} ${fate}`).join(', ')}.`,
    ).join(' '),
  );
  const heading = { size: 12, tone: 'quiet' } as const;
  drawing.text({ x: 20, y: 66 }, 'message group', heading);
  drawing.text({ x: 130, y: 66 }, 'in the queue, the oldest in front', heading);
  drawing.text({ x: RIGHT, y: 66 }, 'handled, the first in front', { ...heading, anchor: 'end' });
  drawing.text({ x: GATE, y: 66 }, 'consumer', {
    ...heading,
    tone: 'amber',
    anchor: 'middle',
    halo: true,
  });
  drawing.line(
    [
      { x: GATE, y: 74 },
      { x: GATE, y: bottom },
    ],
    { tone: 'amber', width: 2, dashed: true },
  );
  for (const [row, { group, messages }] of LANES.entries()) {
    const blocked = messages.some(([, fate]) => fate === 'failed');
    const y = TOP + row * LANE;
    drawing.line(
      [
        { x: 120, y: y + BOX.height / 2 },
        { x: RIGHT, y: y + BOX.height / 2 },
      ],
      { tone: 'quiet', width: 0.5 },
    );
    drawing.text({ x: 20, y: y + 17 }, group, { bold: true, size: 12.5 });
    drawing.text({ x: 20, y: y + 33 }, blocked ? 'blocked' : 'goes on', {
      size: 11,
      tone: blocked ? 'red' : 'green',
    });
    const handled = messages.filter(([, fate]) => fate === 'handled');
    const waiting = messages.filter(([, fate]) => fate !== 'handled');
    for (const [place, [name, fate]] of handled.entries()) {
      const x = RIGHT - BOX.width - place * (BOX.width + 12);
      drawing.node({ x, y, ...BOX }, name, { tone: TONES[fate], detail: fate });
    }
    for (const [place, [name, fate]] of waiting.entries()) {
      const x = GATE - 24 - BOX.width - place * (BOX.width + 12);
      drawing.node({ x, y, ...BOX }, name, {
        tone: TONES[fate],
        detail: fate === 'failed' ? 'comes again' : fate,
        dashed: fate === 'waits',
      });
    }
  }
  return drawing.svg();
}
