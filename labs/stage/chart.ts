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

const WIDTH = 720;
const HEIGHT = 260;
const MARGIN = 44;
const COLOURS = ['#2f6fde', '#c2410c', '#15803d', '#7c3aed'];

/** The same as a picture that can be read on light and on dark pages. */
export function svgChart(title: string, series: readonly Series[], stepMs: number): string {
  const highest = Math.max(1, ...series.flatMap(({ values }) => values));
  const steps = Math.max(...series.map(({ values }) => values.length)) - 1;
  const x = (step: number): number => MARGIN + (step / Math.max(1, steps)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number => HEIGHT - MARGIN - (value / highest) * (HEIGHT - 2 * MARGIN);
  const lines = series.map(({ name, values }, place) => {
    const colour = COLOURS[place % COLOURS.length];
    const points = values.map((value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`);
    const last = values.at(-1) ?? 0;
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2.5" points="${points.join(' ')}"/>` +
      `<text x="${MARGIN + place * 200}" y="${HEIGHT - 10}" fill="${colour}">${name}: ${last}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="14">
<title>${title}</title>
<text x="${MARGIN}" y="22" fill="#6b7280" font-weight="600">${title}</text>
<path d="M${MARGIN} ${MARGIN - 8}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#9ca3af"/>
<text x="${WIDTH - MARGIN}" y="${HEIGHT - MARGIN + 16}" fill="#6b7280" text-anchor="end">${((steps * stepMs) / 1000).toFixed(1)} s</text>
<text x="${MARGIN - 6}" y="${MARGIN}" fill="#6b7280" text-anchor="end">${highest}</text>
${lines.join('\n')}
</svg>
`;
}
