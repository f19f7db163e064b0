import type { ServerResponse } from 'node:http';
import type { ActivityStream } from './activity-stream.ts';

/** As many activities are turned into text at a time. */
const AT_A_TIME = 100;

/**
 * Answers `/_local/activity`: one JSON object per line, first those that are kept, then each as it
 * happens. `?since=N` leaves out all up to sequence number N; `?follow=false` ends with the last.
 *
 * Nothing is stored for a follower that does not read: what it has not got yet stays in the history,
 * and once the history has lost that, the follower is cut off.
 */
export function answerActivity(
  activity: ActivityStream,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const since = Number(query.get('since') ?? 0);
  if (!Number.isInteger(since) || since < 0) {
    response.writeHead(400, { 'content-type': 'text/plain' });
    response.end('since must be a whole number.\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const last = query.get('follow') === 'false' ? activity.lastSequence : Infinity;
  let sent = Math.max(since, activity.firstSequence - 1);
  let scheduled = false;

  const send = (): void => {
    scheduled = false;
    while (!response.destroyed && !response.writableNeedDrain && sent < last) {
      const next = activity.next(sent, Math.min(AT_A_TIME, last - sent));
      if (!next) {
        response.destroy();
        return;
      }
      if (next.length === 0) return;
      sent += next.length;
      response.write(next.map((each) => `${JSON.stringify(each)}\n`).join(''));
    }
    if (sent >= last) response.end();
  };
  // Once for all that happens in one turn of the event loop: under load that is dozens.
  const sendSoon = (): void => {
    if (scheduled || response.writableNeedDrain) return;
    scheduled = true;
    setImmediate(send);
  };
  const stop = last === Infinity ? activity.subscribe(sendSoon) : () => {};
  response.on('drain', send);
  response.on('close', stop);
  send();
}
