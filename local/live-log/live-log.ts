import type { Recorded } from '../activity/activity.ts';
import { formatHop, timeOfDay } from './format-hop.ts';
import { HopReader } from './hop.ts';
import type { ShortNames } from './short-names.ts';

/** `all` tells every hop, `quiet` only failures, `json` every activity as one line of JSON. */
export type LogMode = 'all' | 'quiet' | 'json';

/**
 * Turns activities into lines to print.
 *
 * @returns a function that gives an activity's line, or undefined where it has none
 */
export function liveLog(options: {
  mode: LogMode;
  colour: boolean;
  names: ShortNames;
}): (activity: Recorded) => string | undefined {
  if (options.mode === 'json') return (activity) => JSON.stringify(activity);
  const reader = new HopReader(options.names);
  return (activity) => {
    if (activity.type === 'function-logged') {
      return options.mode === 'all' ? plainLogLine(activity, options.names) : undefined;
    }
    const hop = reader.read(activity);
    if (!hop || (options.mode === 'quiet' && hop.tone !== 'failure')) return undefined;
    return formatHop(hop, timeOfDay(hop.at), options);
  };
}

/**
 * A function's own log line where it is text that a person wrote (a `console.log` while debugging).
 * Structured lines and metrics are for a machine; the hops tell the same in fewer words.
 */
function plainLogLine(
  activity: Extract<Recorded, { type: 'function-logged' }>,
  names: ShortNames,
): string | undefined {
  const line = activity.line.trimEnd();
  if (line === '' || line.startsWith('{')) return undefined;
  return `${timeOfDay(activity.at)}  ${names.resource(activity.functionName)}: ${line}`;
}
