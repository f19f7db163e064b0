import { parseJson } from '../json/parse-json.ts';
import type { ShortNames } from '../live-log/short-names.ts';
import type { InvocationEffects } from './invocation-effects.ts';

/** What `sls invoke local` tells about one invocation. */
export interface InvocationOutcome {
  functionKey: string;
  /** Where the event came from. */
  origin: string;
  /** Where the function ran. */
  place: string;
  failed: boolean;
  /** The function's answer, or its error, as JSON text. */
  payload: string;
  effects: InvocationEffects;
}

/** Tells what the function logged, returned, sent, published, wrote and mailed. */
export function invocationReport(outcome: InvocationOutcome, names: ShortNames): string {
  const { effects } = outcome;
  const start = effects.coldStart ? 'cold start' : 'warm';
  return [
    `${outcome.functionKey}  ·  event ${outcome.origin}  ·  ${outcome.place}`,
    ...section('log', effects.logs.map(logLine)),
    ...section(
      `${outcome.failed ? 'FAILED' : 'returned'} after ${Math.round(effects.durationMs)} ms (${start})`,
      indentedJson(outcome.payload).split('\n'),
    ),
    ...section(
      'sent',
      effects.sent.flatMap((sent) => [
        `→ ${names.resource(sent.queue)}${duplicateMark(sent.duplicate)}`,
        ...indentedJson(sent.body).split('\n').map(indent),
      ]),
    ),
    ...section(
      'published',
      effects.published.flatMap((published) => [
        `→ ${names.resource(published.topic)}${duplicateMark(published.duplicate)}  ${attributes(published.attributes)}`,
        ...indentedJson(published.body).split('\n').map(indent),
      ]),
    ),
    ...section(
      'wrote',
      effects.written.map(
        ({ table, operation, key }) =>
          `→ ${names.resource(table)}  ${operation}${key === undefined ? '' : `  ${key}`}`,
      ),
    ),
    ...section(
      'mailed',
      effects.mailed.map(
        ({ subjectLine, recipientCount }) => `→ ${subjectLine}  (${recipientCount} recipients)`,
      ),
    ),
    ...(didNothing(effects) ? ['', 'It sent, published, wrote and mailed nothing.'] : []),
  ].join('\n');
}

const didNothing = ({ sent, published, written, mailed }: InvocationEffects): boolean =>
  [sent, published, written, mailed].every(({ length }) => length === 0);

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map(indent)];

const indent = (line: string): string => `  ${line}`;

const logLine = (line: string): string => line.trimEnd();

const duplicateMark = (duplicate: boolean): string => (duplicate ? ' (duplicate, not stored)' : '');

const attributes = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** JSON spread over lines; text that is no JSON stays as it is. */
function indentedJson(text: string): string {
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value, undefined, 2);
}
