import { HttpProblem } from '../../shared/http/problem.ts';

/** 1 to 255 visible ASCII characters. */
const FORM = /^[\x21-\x7E]{1,255}$/;

/**
 * The key to remember a request by, from the header `Idempotency-Key`. It belongs to one customer:
 * two customers may use the same key without meeting. The blank can't be part of either.
 *
 * @throws HttpProblem 400
 */
export function idempotencyKey(
  headerValue: string | undefined,
  customerId: string,
): string | undefined {
  if (headerValue === undefined) return undefined;
  if (!FORM.test(headerValue)) {
    throw new HttpProblem('invalid-request', 'The Idempotency-Key is not valid', {
      errors: [
        {
          field: 'Idempotency-Key',
          rule: 'format',
          detail: 'must be 1 to 255 visible ASCII characters',
        },
      ],
    });
  }
  return `${customerId} ${headerValue}`;
}
