import type { ServerResponse } from 'node:http';
import type { ActivityStream } from './activity-stream.ts';
import type { Recorded } from './activity.ts';

/** A follower that is so far behind is cut off, before it fills the memory. */
const UNREAD_LIMIT_BYTES = 32 * 1024 * 1024;

/**
 * Answers `/_local/activity`: one JSON object per line, first those that are kept, then each as it
 * happens. `?since=N` leaves out all up to sequence number N; `?follow=false` ends with the last.
 */
export function answerActivity(
  activity: ActivityStream,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const since = Number(query.get('since') ?? 0);
  if (!Number.isInteger(since)) {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end('since must be a whole number.\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) response.write(lines.splice(0).join(''));
    if (response.writableLength > UNREAD_LIMIT_BYTES) response.destroy();
  };
  // One write for all that happens in one turn of the event loop: under load that is dozens.
  const write = (recorded: Recorded): void => {
    if (lines.push(`${JSON.stringify(recorded)}\n`) === 1) setImmediate(flush);
  };
  for (const recorded of activity.since(since)) write(recorded);
  if (query.get('follow') === 'false') {
    flush();
    response.end();
    return;
  }
  response.flushHeaders();
  const stop = activity.subscribe(write);
  response.on('close', stop);
}
