/** What happens in a running system, as typed activities and as lines to read. */
export type { ActivityStream } from '../activity/activity-stream.ts';
export type { Recorded } from '../activity/activity.ts';
export { formatHop } from '../live-log/format-hop.ts';
export { HopReader } from '../live-log/hop-reader.ts';
export { ShortNames } from '../live-log/short-names.ts';
export type { Hop } from '../live-log/step.ts';
