import { Drawing, PAGE_WIDTH } from '../../docs/pictures/drawing.ts';
import type { Tone } from '../../docs/pictures/theme.ts';

/** One line of a chart: how much there was at each moment. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const BARS = ' ▁▂▃▄▅▆▇█';

/** A line of bars for each series, all on one scale, with the last value behind it. */
export function terminalChart(series: readonly Series[]): string[] {
  const width = Math.max(...series.map(({ name }) => name.length));
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  return series.map(({ name, values }) => {
    const bars = values
      .map((value) => BARS[Math.ceil((value / highest) * (BARS.length - 1))])
      .join('');
    return `${name.padEnd(width)} ${bars} ${values.at(-1) ?? 0}`;
  });
}

const HEIGHT = 280;
const PLOT = { left: 52, right: PAGE_WIDTH - 150, top: 62, bottom: HEIGHT - 44 };
const TONES: readonly Tone[] = ['blue', 'green', 'red', 'violet'];

/** The same as a picture, with the name of each series behind its last value. */
export function svgChart(title: string, series: readonly Series[], stepMs: number): string {
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const steps = Math.max(1, ...series.map(({ values }) => values.length - 1));
  const x = (step: number): number => PLOT.left + (step / steps) * (PLOT.right - PLOT.left);
  const y = (value: number): number => PLOT.bottom - (value / highest) * (PLOT.bottom - PLOT.top);
  const ends = series.map(({ name, values }) => `${name}: ${values.at(-1) ?? 0}`);
  const drawing = new Drawing(HEIGHT, title, `${ends.join(', ')}.`);
  const label = { tone: 'quiet', size: 11.5 } as const;
  for (const value of [0, highest / 2, highest]) {
    drawing.line(
      [
        { x: PLOT.left, y: y(value) },
        { x: PLOT.right, y: y(value) },
      ],
      { width: 0.4 },
    );
    const at = { x: PLOT.left - 8, y: y(value) + 4 };
    drawing.text(at, String(Math.round(value)), { ...label, anchor: 'end' });
  }
  drawing.text({ x: PLOT.left, y: PLOT.bottom + 20 }, '0 s', label);
  const end = `${((steps * stepMs) / 1000).toFixed(1)} s`;
  drawing.text({ x: PLOT.right, y: PLOT.bottom + 20 }, end, { ...label, anchor: 'end' });
  for (const [place, { values }] of series.entries()) {
    const tone = TONES[place % TONES.length] ?? 'ink';
    const points = values.map((value, step) => ({ x: x(step), y: y(value) }));
    drawing.line(points, { tone, width: 2.5 });
    // Where two series end at the same value, their names stand one below the other.
    const above = series.slice(0, place).filter((other) => other.values.at(-1) === values.at(-1));
    const at = { x: PLOT.right + 8, y: y(values.at(-1) ?? 0) + 4 + above.length * 18 };
    drawing.text(at, ends[place] ?? '', { tone, size: 12.5, bold: true });
  }
  return drawing.svg();
}
