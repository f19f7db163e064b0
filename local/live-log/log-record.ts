import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../json/parse-json.ts';

/** A structured line of a function's log, as far as a reader needs it. */
export interface LogRecord {
  severity: 'error' | 'warning' | 'other';
  level: string;
  message: string;
  error?: LoggedError;
}

/** An error as it was logged. */
export interface LoggedError {
  name: string;
  message: string;
  /** Where it was thrown: `functions/email/notify.ts:12`. */
  place?: string;
}

const text = z.string().optional().catch(undefined);

/** An error as loggers word it: Powertools, Lambda's own JSON format, pino. */
const errorSchema = z.looseObject({
  name: text,
  errorType: text,
  type: text,
  message: text,
  errorMessage: text,
  location: text,
  stack: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  stackTrace: z.array(z.string()).optional().catch(undefined),
});

const recordSchema = z.looseObject({
  level: z.union([z.string(), z.number()]).optional().catch(undefined),
  message: z.unknown().optional(),
  msg: text,
  errorType: text,
});

const SEVERITIES: Record<string, LogRecord['severity']> = {
  WARN: 'warning',
  WARNING: 'warning',
  ERROR: 'error',
  FATAL: 'error',
  CRITICAL: 'error',
  // pino's numbers
  '40': 'warning',
  '50': 'error',
  '60': 'error',
};

/** @returns undefined for a line that is no JSON object */
export function logRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  const parsed = recordSchema.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const level = String(data.level ?? '').toUpperCase();
  const error =
    loggedError(data['error']) ?? loggedError(data['err']) ?? loggedError(data['message'] ?? null);
  const own = data.errorType === undefined ? error : (error ?? loggedError(data));
  const message = typeof data.message === 'string' ? data.message : (data.msg ?? '');
  return {
    severity: SEVERITIES[level] ?? 'other',
    level: level === '' ? 'LOG' : level,
    message,
    ...(own === undefined ? {} : { error: own }),
  };
}

/** One line: level, message, the error's name and message, where it was thrown. */
export function logText({ level, message, error }: LogRecord): string {
  const about = error === undefined ? undefined : `${error.name}: ${error.message}`;
  return [
    level,
    // Lambda's JSON format repeats an error in the message.
    ...(message === '' || (error && message.includes(error.message)) ? [] : [message]),
    ...(about === undefined ? [] : [firstLine(about)]),
    ...(error?.place === undefined ? [] : [`(${error.place})`]),
  ].join('  ');
}

function loggedError(value: unknown): LoggedError | undefined {
  const parsed = errorSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { name, errorType, type, message, errorMessage, location, stack, stackTrace } = parsed.data;
  const called = name ?? errorType ?? type;
  if (called === undefined) return undefined;
  const frames = [stackTrace ?? stack ?? []].flat().join('\n').split('\n');
  const place = placeOf(frames) ?? location;
  return {
    name: called,
    message: message ?? errorMessage ?? '',
    ...(place === undefined || place === '' ? {} : { place }),
  };
}

/** The first frame in code of the service's own, as `file:line`. */
export function placeOf(frames: readonly string[]): string | undefined {
  for (const frame of frames) {
    const [, location, line] =
      /(?:\(|at (?:async )?)((?:file:\/\/)?[^()\s][^()]*?):(\d+)(?::\d+)?\)?$/.exec(frame.trim()) ??
      [];
    if (location === undefined || line === undefined) continue;
    if (/^node:|[\\/]node_modules[\\/]/.test(location)) continue;
    const file = location.startsWith('file://') ? fileURLToPath(location) : location;
    const shown = relative(process.cwd(), file);
    return `${shown.startsWith('..') ? file : shown}:${line}`;
  }
  return undefined;
}

const firstLine = (lines: string): string => lines.split('\n', 1)[0] ?? '';
