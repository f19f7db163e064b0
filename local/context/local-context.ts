import type { ActivityStream } from '../activity/activity-stream.ts';
import type { Clock } from './clock.ts';
import type { Storage } from '../storage/storage.ts';

/** What every emulated service is given when it is made. */
export interface LocalContext {
  readonly activity: ActivityStream;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** The endpoint's address without a trailing slash, such as `http://127.0.0.1:4566`. */
  readonly endpoint: () => string;
}
