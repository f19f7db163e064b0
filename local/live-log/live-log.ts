import type { Recorded } from '../activity/activity.ts';
import { formatHop, timeOfDay } from './format-hop.ts';
import { HopReader } from './hop-reader.ts';
import { logRecord, logText } from './log-record.ts';
import type { ShortNames } from './short-names.ts';

/**
 * `all` tells every hop but what filter policies leave out, `filtered` that too, `quiet` only
 * failures, `json` every activity as one line of JSON.
 */
export type LogMode = 'all' | 'filtered' | 'quiet' | 'json';

/**
 * Turns activities into lines to print.
 *
 * @param options.width how many columns the terminal has now; undefined where there is none
 * @returns a function that gives an activity's line, or undefined where it has none
 */
export function liveLog(options: {
  mode: LogMode;
  colour: boolean;
  names: ShortNames;
  width?: () => number | undefined;
}): (activity: Recorded) => string | undefined {
  if (options.mode === 'json') return (activity) => JSON.stringify(activity);
  const reader = new HopReader(options.names);
  const { mode, names } = options;
  return (activity) => {
    const hop = reader.read(activity);
    const width = options.width?.();
    if (activity.type === 'function-logged') return logLine(activity, mode, names, width);
    if (!hop || (mode === 'quiet' && hop.tone !== 'failure')) return undefined;
    if (activity.type === 'message-filtered-out' && mode !== 'filtered') return undefined;
    return formatHop(hop, timeOfDay(hop.at), { ...options, width });
  };
}

/**
 * A function's own log line where it is text that a person wrote (a `console.log` while debugging)
 * or a structured record of a warning or an error. Other records and metrics are for a machine; the
 * hops tell the same in fewer words.
 */
function logLine(
  activity: Extract<Recorded, { type: 'function-logged' }>,
  mode: LogMode,
  names: ShortNames,
  width: number | undefined,
): string | undefined {
  const line = activity.line.trimEnd();
  const record = logRecord(line);
  const told = record
    ? record.severity === 'error' || (record.severity === 'warning' && mode !== 'quiet')
    : mode !== 'quiet' && line !== '';
  if (!told) return undefined;
  const text = `${timeOfDay(activity.at)}  ${names.resource(activity.functionName)}: ${record ? logText(record) : line}`;
  // What a person wrote stays whole; a record is one line that has to fit.
  return record && width !== undefined && text.length > width
    ? `${text.slice(0, width - 1)}…`
    : text;
}
