import type { Recorded } from '../activity/activity.ts';
import { readActivities } from './activity-feed.ts';
import { invocationEffects, isEnd } from './invocation-effects.ts';
import type { InvocationInput } from './invocation-input.ts';
import type { NamedFunction } from './invoke-isolated.ts';
import type { InvocationOutcome } from './invocation-report.ts';
import type { RunningSystem } from './running-system.ts';

/** The running system did not carry out the invocation. */
export class InvocationRefusedError extends Error {
  override readonly name = 'InvocationRefusedError';
}

/** The endpoint routes by the service of the credential scope; it verifies no signature. */
const LAMBDA_SCOPE =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=none';

/**
 * Invokes a function within the system that `npm start` runs, through Lambda's Invoke API.
 *
 * @throws InvocationRefusedError
 */
export async function invokeRunning(
  running: RunningSystem,
  { functionKey, definition }: NamedFunction,
  input: InvocationInput,
): Promise<InvocationOutcome> {
  const since = await lastSequence(running.url);
  const response = await fetch(
    new URL(
      `/2015-03-31/functions/${encodeURIComponent(definition.name)}/invocations`,
      running.url,
    ),
    { method: 'POST', headers: { authorization: LAMBDA_SCOPE }, body: input.payload },
  );
  const payload = await response.text();
  const requestId = response.headers.get('x-amzn-requestid');
  if (!response.ok || requestId === null) {
    throw new InvocationRefusedError(
      `${running.url} refused to invoke ${definition.name} (${response.status}): ${payload}`,
    );
  }
  return {
    functionKey,
    origin: input.origin,
    place: `the system at ${running.url}`,
    failed: response.headers.has('x-amz-function-error'),
    payload,
    effects: invocationEffects(await untilEnd(running.url, since, requestId), requestId),
  };
}

/** Everything that happened from `since` to the end of the invocation. */
async function untilEnd(url: string, since: number, requestId: string): Promise<Recorded[]> {
  const activities: Recorded[] = [];
  for await (const activity of readActivities(url, { since })) {
    activities.push(activity);
    if (isEnd(activity) && activity.requestId === requestId) break;
  }
  return activities;
}

async function lastSequence(url: string): Promise<number> {
  let last = 0;
  for await (const { sequence } of readActivities(url, { follow: false })) last = sequence;
  return last;
}
