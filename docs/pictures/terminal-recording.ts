import { PAGE_WIDTH, escaped } from './drawing.ts';
import { STYLE, type Tone } from './theme.ts';

/** A line as it was printed, with its colours, and when. */
export interface RecordedLine {
  readonly atMs: number;
  readonly text: string;
}

const COLUMNS = 116;
const ROWS = 24;
const ROW = 18;
const TOP = 40;
const FONT_SIZE = 11.5;
const HEIGHT = TOP + ROWS * ROW + 14;

/** Real pauses are kept between these two, or nobody could read along. */
const SHORTEST_MS = 110;
const LONGEST_MS = 900;
/** Before a blank line, which is where a step ends. */
const STEP_MS = 1400;
const FIRST_MS = 1200;
const HOLD_MS = 7000;

/**
 * A terminal that prints the lines again and again, with CSS animation only. Who prefers reduced
 * motion sees the end of it.
 */
export function terminalRecording(command: string, recorded: readonly RecordedLine[]): string {
  const lines = recorded.flatMap(({ atMs, text }) =>
    wrapped(normalised(text)).map((part) => ({ atMs, text: part })),
  );
  const times = paced(lines);
  const total = (times.at(-1) ?? FIRST_MS) + HOLD_MS;
  const shown = [`$ ${command}`, ...lines.map(({ text }) => text)];
  const frames = (offset: (printed: number) => number): string =>
    [0, ...times]
      .map((time, place) => ({ time, offset: offset(place + 1) }))
      .filter((frame, place, all) => frame.offset !== all[place - 1]?.offset)
      .map(
        (frame) =>
          `${((frame.time / total) * 100).toFixed(2)}%{transform:translateY(${frame.offset}px)}`,
      )
      .join('');
  const scrolled = (printed: number): number => -Math.max(0, printed - ROWS) * ROW;
  const uncovered = (printed: number): number => Math.min(printed, ROWS) * ROW;
  const seconds = (total / 1000).toFixed(1);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PAGE_WIDTH} ${HEIGHT}" width="${PAGE_WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escaped(command)}</title>`,
    `<desc>A real run, slowed down to be read.</desc>`,
    '<style>',
    STYLE,
    `.lines text{font-size:${FONT_SIZE}px;fill:var(--ink)}`,
    '.cover{fill:var(--ground)}',
    `.scroll{transform:translateY(${scrolled(shown.length)}px)}`,
    `.cover{transform:translateY(${uncovered(shown.length)}px)}`,
    `@keyframes scroll{${frames(scrolled)}}`,
    `@keyframes uncover{${frames(uncovered)}}`,
    `@media (prefers-reduced-motion:no-preference){.scroll{animation:scroll ${seconds}s step-end infinite}.cover{animation:uncover ${seconds}s step-end infinite}}`,
    '</style>',
    `<clipPath id="window"><rect x="1" y="${TOP - 2}" width="${PAGE_WIDTH - 2}" height="${ROWS * ROW + 4}"/></clipPath>`,
    `<rect x="0.5" y="0.5" width="${PAGE_WIDTH - 1}" height="${HEIGHT - 1}" rx="8" class="ground"/>`,
    ...['red', 'amber', 'green'].map(
      (tone, place) => `<circle cx="${22 + place * 18}" cy="18" r="5" class="solid-${tone}"/>`,
    ),
    '<g clip-path="url(#window)"><g class="scroll"><g class="lines code">',
    ...shown.flatMap((text, row) =>
      text === '' ? [] : [`<text x="20" y="${TOP + row * ROW + 13}">${spans(text)}</text>`],
    ),
    '</g></g>',
    `<rect x="1" y="${TOP - 2}" width="${PAGE_WIDTH - 2}" height="${ROWS * ROW + 4}" class="cover"/>`,
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** When each line is printed, slowed down to be read. */
function paced(lines: readonly RecordedLine[]): readonly number[] {
  let time = FIRST_MS;
  return lines.map(({ atMs, text }, place) => {
    const real = atMs - (lines[place - 1]?.atMs ?? atMs);
    time += text === '' ? STEP_MS : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, real));
    return time;
  });
}

/** Without what is different in every run and means nothing to a reader. */
const normalised = (text: string): string =>
  text.replaceAll(/ORD-[0-9A-Z]{26}/g, 'ORD-…').replaceAll(/…[0-9A-Z]{8}\b/g, 'ORD-…');

const ESCAPE = String.fromCharCode(27);
/** What `styleText` writes around a coloured or bold text. */
const SEQUENCE = new RegExp(`${ESCAPE}\\[(\\d+)m`, 'g');

const TONES: Readonly<Record<string, Tone>> = {
  '90': 'quiet',
  '32': 'green',
  '31': 'red',
  '33': 'amber',
  '36': 'blue',
};

/** Lines that are wider than the window go on in the next, as far in as they began. */
function wrapped(text: string): readonly string[] {
  const plain = text.replaceAll(SEQUENCE, '');
  if (plain.length <= COLUMNS) return [text];
  const indent = ' '.repeat(plain.length - plain.trimStart().length);
  const lines: string[] = [];
  let line = '';
  for (const word of plain.trimStart().split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (longer.length > COLUMNS && line !== '') {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** The text with its colours as classes, and spaces that SVG does not collapse. */
function spans(text: string): string {
  let tone: Tone | undefined;
  let bold = false;
  return text
    .replaceAll(' ', '\u00a0')
    .split(SEQUENCE)
    .map((part, place) => {
      if (place % 2 === 1) {
        if (part === '1' || part === '22') bold = part === '1';
        else tone = TONES[part];
        return '';
      }
      if (part === '') return '';
      if (bold) return `<tspan font-weight="700">${escaped(part)}</tspan>`;
      return tone === undefined
        ? escaped(part)
        : `<tspan class="text-${tone}">${escaped(part)}</tspan>`;
    })
    .join('');
}
