import type { MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';

/** Runs a handler as Lambda would, with a context of its own. */
export async function invoke<Event, Result>(
  handler: MiddyfiedHandler<Event, Result>,
  event: Event,
): Promise<Result> {
  return handler(event, lambdaContext());
}

export function lambdaContext(): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'function-under-test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function-under-test',
    memoryLimitInMB: '256',
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    logGroupName: '/aws/lambda/function-under-test',
    logStreamName: '2026/11/22/[$LATEST]0',
    getRemainingTimeInMillis: () => 10_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
