import { describe, expect, it } from '@jest/globals';

import { asError, failureKind, PermanentError, TransientError } from '../../shared/errors.ts';

const error = (extra: object) => Object.assign(new Error('failed'), extra);

describe('a failure', () => {
  it.each([
    ['a class of ours that says so', new TransientError('not yet')],
    ['throttling', error({ name: 'ProvisionedThroughputExceededException' })],
    ['a lost connection', error({ code: 'ECONNRESET' })],
    ['a timeout', error({ name: 'TimeoutError' })],
    ['an error of the service', error({ $metadata: { httpStatusCode: 503 } })],
    ['too many requests', error({ $metadata: { httpStatusCode: 429 } })],
  ])('is transient when it is %s', (_name, failure) => {
    expect(failureKind(failure)).toBe('transient');
  });

  it.each([
    ['a class of ours that says so', new PermanentError('never')],
    ['a mistake in the program', new TypeError('not a function')],
    ['a refusal by the service', error({ $metadata: { httpStatusCode: 400 } })],
    ['without a status', error({ $metadata: {} })],
    ['with metadata of another kind', error({ $metadata: null })],
    ['no Error at all', 'text'],
    ['with a code that is none of the network', error({ code: 42 })],
  ])('is permanent when it is %s', (_name, failure) => {
    expect(failureKind(failure)).toBe('permanent');
  });

  it('becomes an Error when it is none, and keeps what was thrown', () => {
    expect(asError('text')).toMatchObject({ name: 'PermanentError', cause: 'text' });
  });
});
