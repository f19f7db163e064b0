import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import {
  deliverInBatches,
  intoBatches,
  MAX_BATCH_BYTES,
  MAX_ENTRIES,
  messageBytes,
  type OutgoingMessage,
} from '../../../shared/messaging/sending.ts';

const message = (id: string, bytes = 10): OutgoingMessage => ({
  id,
  orderId: `order of ${id}`,
  body: 'x'.repeat(bytes),
  attributes: { State: 'Placed' },
});

describe('batches of messages', () => {
  it('hold every message once, in its place, within the limits of AWS', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000 }), { maxLength: 40 }), (sizes) => {
        const messages = sizes.map((size, place) => message(String(place), size));
        const batches = intoBatches(messages);

        expect(batches.flat()).toEqual(messages);
        for (const batch of batches) {
          const bytes = batch.reduce((total, each) => total + messageBytes(each), 0);
          expect(batch.length).toBeLessThanOrEqual(MAX_ENTRIES);
          expect(bytes).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
    );
  });

  it('count the bytes of bodies and attributes, not their characters', () => {
    expect(messageBytes({ ...message('a'), body: '€', attributes: { A: 'ü' } })).toBe(12);
  });

  it('leave a message alone that is too large, for AWS to refuse', () => {
    const sizes = [10, MAX_BATCH_BYTES + 1, 10];
    const batches = intoBatches(sizes.map((size, place) => message(String(place), size)));

    expect(batches.map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});

describe('the delivery of batches', () => {
  it('says of each entry what became of it', async () => {
    const deliveries = await deliverInBatches(
      ['a', 'b', 'c', 'd'].map((id) => message(id)),
      () =>
        Promise.resolve({
          Successful: [{ Id: '0' }],
          Failed: [
            { Id: '1', Code: 'InvalidParameter', Message: 'bad', SenderFault: true },
            { Id: '2' },
          ],
        }),
    );

    expect(deliveries).toMatchObject([
      { delivered: true },
      { delivered: false, error: { name: 'PermanentError', identifiers: { messageId: 'b' } } },
      { delivered: false, error: { name: 'TransientError', identifiers: { messageId: 'c' } } },
      { delivered: false, error: { message: 'The answer says nothing about an entry' } },
    ]);
  });

  it('goes on with the next batch when a request fails', async () => {
    const messages = Array.from({ length: 12 }, (_, place) => message(String(place)));

    const deliveries = await deliverInBatches(messages, (batch) =>
      batch.length === MAX_ENTRIES
        ? Promise.reject(new Error('network'))
        : Promise.resolve({ Successful: batch.map((_, place) => ({ Id: String(place) })) }),
    );

    expect(deliveries.map(({ delivered }) => delivered)).toEqual([
      ...Array.from({ length: 10 }, () => false),
      true,
      true,
    ]);
  });
});
