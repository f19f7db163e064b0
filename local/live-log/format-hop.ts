import { styleText } from 'node:util';
import type { Hop, Tone } from './step.ts';
import { SUBJECT_LENGTH, type ShortNames } from './short-names.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<Tone, Style> = {
  good: 'green',
  plain: 'cyan',
  quiet: 'gray',
  trouble: 'yellow',
  failure: 'red',
};

export interface LineStyle {
  colour: boolean;
  /** False where every line is about the same order. */
  showSubject?: boolean;
  /** Columns of the terminal; a line is cut to fit. */
  width?: number | undefined;
  names: ShortNames;
}

const SUBJECT_WIDTH = SUBJECT_LENGTH + 4;
const ROUTE_WIDTH = 54;
const VERDICT_WIDTH = 13;
const DURATION_WIDTH = 8;
const LEAST_ROUTE_WIDTH = 12;
const GAP = '  ';

/**
 * One line for one hop: time, order, from → to, verdict, milliseconds, note.
 *
 * @param time how the moment is shown, `12:30:01.234` or `+ 34 ms`
 */
export function formatHop(
  hop: Hop,
  time: string,
  { colour, showSubject = true, names, width }: LineStyle,
): string {
  const fixed =
    time.length +
    (showSubject ? SUBJECT_WIDTH + GAP.length : 0) +
    VERDICT_WIDTH +
    DURATION_WIDTH +
    3 * GAP.length;
  const routeWidth =
    width === undefined
      ? ROUTE_WIDTH
      : Math.max(LEAST_ROUTE_WIDTH, Math.min(ROUTE_WIDTH, width - fixed));
  const room = width === undefined ? Infinity : width - fixed - routeWidth - GAP.length;
  const cell = (text: string, cellWidth: number, style?: Style): string =>
    (colour && style && text !== '' ? styleText(style, text, { validateStream: false }) : text) +
    ' '.repeat(Math.max(0, cellWidth - text.length));
  const route = `${hop.from} → ${hop.to}`;
  return [
    cell(time, 0, 'gray'),
    ...(showSubject ? [cell(subjectColumn(hop.subjects, names), SUBJECT_WIDTH, 'bold')] : []),
    cell(
      width === undefined ? route : cut(route, routeWidth),
      routeWidth,
      hop.tone === 'quiet' ? 'gray' : undefined,
    ),
    cell(hop.verdict, VERDICT_WIDTH, STYLES[hop.tone]),
    durationColumn(hop.durationMs).padStart(DURATION_WIDTH),
    cell(hop.note === undefined ? '' : cut(firstLine(hop.note), room), 0, 'gray'),
  ]
    .join(GAP)
    .trimEnd();
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 2 ? '' : `${text.slice(0, width - 1)}…`;
}

/** The local time of day to the millisecond. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function subjectColumn(subjects: string[], names: ShortNames): string {
  const [first, ...others] = [...new Set(subjects)];
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` +${others.length}`;
  return `${names.subject(first)}${more}`;
}

const durationColumn = (durationMs: number | undefined): string =>
  durationMs === undefined ? '' : `${Math.round(durationMs)} ms`;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
