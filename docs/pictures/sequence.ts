import { Drawing, PAGE_WIDTH } from './drawing.ts';
import type { Tone } from './theme.ts';

export interface Party {
  readonly name: string;
  readonly tone: Tone;
}

/** One thing that happens: a message from one party to another, or what befalls one of them. */
export interface Step {
  readonly from: string;
  /** The same as `from` where it stays with one party. */
  readonly to: string;
  readonly says: string;
  readonly tone?: Tone;
  /** Has no effect, or takes the place of waiting. */
  readonly dashed?: boolean;
}

const TOP = 54;
const BOX = { width: 168, height: 34 };
const FIRST = TOP + BOX.height + 30;
const STEP = 33;

/** Who does what, from top to bottom. */
export function sequence(title: string, parties: readonly Party[], steps: readonly Step[]): string {
  const bottom = FIRST + steps.length * STEP;
  const drawing = new Drawing(bottom + 8, title, steps.map(({ says }) => says).join('. '));
  const gap = (PAGE_WIDTH - 40 - BOX.width) / (parties.length - 1);
  const x = (name: string): number =>
    20 + BOX.width / 2 + parties.findIndex((party) => party.name === name) * gap;
  for (const { name, tone } of parties) {
    drawing.line(
      [
        { x: x(name), y: TOP + BOX.height },
        { x: x(name), y: bottom - 8 },
      ],
      { tone, width: 1, dashed: true },
    );
    drawing.node({ x: x(name) - BOX.width / 2, y: TOP, ...BOX }, name, { tone });
  }
  for (const [place, { from, to, says, tone = 'quiet', dashed = false }] of steps.entries()) {
    const y = FIRST + place * STEP;
    const text = { size: 12, tone: tone === 'quiet' ? 'ink' : tone, halo: true } as const;
    if (from === to) {
      drawing.text({ x: x(from), y: y + 4 }, says, { ...text, anchor: 'middle', bold: true });
      continue;
    }
    drawing.arrow(
      [
        { x: x(from), y },
        { x: x(to), y },
      ],
      { tone, dashed },
    );
    const middle = (x(from) + x(to)) / 2;
    drawing.text({ x: middle, y: y - 6 }, says, { ...text, anchor: 'middle' });
  }
  return drawing.svg();
}
