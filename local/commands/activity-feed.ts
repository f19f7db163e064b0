import type { Activity, Recorded } from '../activity/activity.ts';
import { parseJson } from '../json/parse-json.ts';

/** The feed sent something that is no activity. */
export class ActivityFeedError extends Error {
  override readonly name = 'ActivityFeedError';
}

/**
 * Follows the activities of a local system in another process.
 *
 * @param since the last sequence number already known
 * @throws ActivityFeedError
 */
export async function* readActivities(
  systemUrl: string,
  { since = 0, follow = true, signal }: { since?: number; follow?: boolean; signal?: AbortSignal },
): AsyncGenerator<Recorded> {
  const url = new URL(`/_local/activity?since=${since}&follow=${follow}`, systemUrl);
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok || !response.body) {
    throw new ActivityFeedError(`${url.href} answered ${response.status}`);
  }
  let unfinished = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield parseActivity(line);
  }
}

function parseActivity(line: string): Recorded {
  const value = parseJson(line);
  if (!isRecorded(value)) {
    throw new ActivityFeedError(`The activity feed sent ${line.slice(0, 200)}`);
  }
  return value;
}

/** Both ends of the feed are this program, so the envelope and the kind are proof enough. */
function isRecorded(value: unknown): value is Recorded {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sequence' in value &&
    typeof value.sequence === 'number' &&
    'at' in value &&
    typeof value.at === 'number' &&
    'type' in value &&
    typeof value.type === 'string' &&
    Object.hasOwn(KINDS, value.type)
  );
}

const KINDS: Record<Activity['type'], true> = {
  'http-answered': true,
  'message-sent': true,
  'message-published': true,
  'message-delivered': true,
  'message-filtered-out': true,
  'delivery-failed': true,
  'messages-received': true,
  'message-deleted': true,
  'message-returned': true,
  'message-dead-lettered': true,
  'messages-moved': true,
  'function-invoked': true,
  'function-completed': true,
  'function-failed': true,
  'invocation-retried': true,
  'batch-answered': true,
  'item-written': true,
  'email-sent': true,
  'function-logged': true,
  'code-reloaded': true,
  'fault-struck': true,
};
