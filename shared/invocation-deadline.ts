import { AsyncLocalStorage } from 'node:async_hooks';

import type { Context } from 'aws-lambda';

import { TransientError } from './errors.ts';

/** What an invocation keeps of its time to answer in: to say what failed and to write its metrics. */
const TIME_TO_ANSWER_MS = 500;

/** The function's time was nearly over while a call was still without an answer. */
export class InvocationDeadlineError extends TransientError {
  override readonly name = 'InvocationDeadlineError';

  constructor() {
    super('The time of the invocation is over, and a call was not answered');
  }
}

const deadlines = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs the work of one invocation. Half a second before Lambda would end it, each call to AWS that
 * is still without an answer is aborted, and a further one is not begun: a batch then gives back
 * what it could not do, and a request is answered with 503, where a function that is ended by its
 * timeout says nothing and repeats the whole batch.
 */
export async function withinDeadline<Result>(
  { getRemainingTimeInMillis }: Pick<Context, 'getRemainingTimeInMillis'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new InvocationDeadlineError()),
    Math.max(0, getRemainingTimeInMillis() - TIME_TO_ANSWER_MS),
  );
  try {
    return await deadlines.run(deadline.signal, work);
  } finally {
    clearTimeout(timer);
  }
}

/** Aborted when the time of the invocation that asks is nearly over; `undefined` outside of one. */
export function invocationDeadline(): AbortSignal | undefined {
  return deadlines.getStore();
}
