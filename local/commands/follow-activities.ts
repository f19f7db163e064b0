import type { ActivityStream } from '../activity/activity-stream.ts';
import { liveLog, type LogMode } from '../live-log/live-log.ts';
import type { ShortNames } from '../live-log/short-names.ts';

/** Prints the live log: in colour and to the width of the terminal, where there is one. */
export function followActivities(
  activity: ActivityStream,
  mode: LogMode,
  names: ShortNames,
): () => void {
  const { stdout } = process;
  const colour = stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const width = (): number | undefined => (stdout.isTTY ? stdout.columns : undefined);
  const lineOf = liveLog({ mode, colour, names, width });
  return activity.subscribe((happened) => {
    const line = lineOf(happened);
    if (line !== undefined) console.log(line);
  });
}
