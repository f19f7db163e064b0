import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';

import { jsonResponse } from '../../../shared/http/problem.ts';
import { httpFunction } from '../../../shared/middleware/http-function.ts';
import { notificationFunction } from '../../../shared/middleware/notification-function.ts';
import { queueFunction } from '../../../shared/middleware/queue-function.ts';
import { invoke } from '../../functions/support/invoke.ts';
import { sqsRecord } from '../../functions/support/sample-record.ts';
import { httpRequest } from '../../functions/support/sample-request.ts';

const nothing = (): undefined => undefined;
const onRequest = httpFunction(nothing, async () => jsonResponse(200, {}));
const onBatch = queueFunction(nothing, {
  schema: z.unknown(),
  work: async () => nothing(),
  deliver: async () => [],
});
const onNotification = notificationFunction(nothing, z.unknown(), async () => nothing());

/** Lambda hands on whatever JSON a function is invoked with. */
const functions = {
  'a request': async (json: string) => invoke(onRequest, JSON.parse(json)),
  'a batch': async (json: string) => invoke(onBatch, JSON.parse(json)),
  'a notification': async (json: string) => invoke(onNotification, JSON.parse(json)),
};

describe.each(Object.entries(functions))('a function that expects %s', (_name, run) => {
  it.each([{}, [], 'x', null, { Records: 'x' }, { Records: [{}] }, { Records: [null] }])(
    'fails on %j with an error that says what the event must be',
    async (event) => {
      await expect(run(JSON.stringify(event))).rejects.toMatchObject({
        name: 'EventShapeError',
        message: expect.stringMatching(/^The event must be .*(?:is required|must be of type)/),
      });
    },
  );
});

describe('the error about an event of another shape', () => {
  it('names each field', async () => {
    await expect(
      functions['a batch']('{"Records":[{"receiptHandle":"r","eventSourceARN":"arn","body":1}]}'),
    ).rejects.toThrow(
      'The event must be a batch of SQS messages: Records[0].messageId is required; ' +
        'Records[0].body must be of type string',
    );
  });

  it('names the event itself when it is no object', async () => {
    await expect(functions['a notification']('"x"')).rejects.toThrow(
      'The event must be a notification of an SNS topic: the event must be of type object',
    );
  });

  it('misses the queue that a message came from', async () => {
    const { eventSourceARN: _, ...record } = sqsRecord('1', {});

    await expect(functions['a batch'](JSON.stringify({ Records: [record] }))).rejects.toThrow(
      'The event must be a batch of SQS messages: Records[0].eventSourceARN is required',
    );
  });

  it('tells a request of payload format 1.0 from one of 2.0', async () => {
    const { rawPath: path, ...request } = httpRequest();

    await expect(functions['a request'](JSON.stringify({ ...request, path }))).rejects.toThrow(
      'rawPath is required',
    );
  });
});
