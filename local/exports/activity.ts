/** What happens in a running system, as typed activities and as lines to read. */
export type { ActivityStream } from '../activity/activity-stream.ts';
export type { Recorded } from '../activity/activity.ts';
export { formatHop } from '../live-log/format-hop.ts';
export { HopReader, type Hop } from '../live-log/hop.ts';
export { ShortNames } from '../live-log/short-names.ts';
