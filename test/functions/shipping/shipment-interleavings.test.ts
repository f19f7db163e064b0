import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import {
  decide,
  firstShipment,
  type Shipment,
  type ShippingSignal,
} from '../../../functions/shipping/rules.ts';

interface Trace {
  readonly shipment: Shipment | undefined;
  /** The tracking numbers that buying was told, in turn. */
  readonly announced: readonly string[];
  readonly allocated: number;
}

/** What shipping does about an order's signals as they come, without the table in between. */
function replay(signals: readonly ShippingSignal[]): Trace {
  let shipment: Shipment | undefined;
  let allocated = 0;
  const announced: string[] = [];
  for (const signal of signals) {
    if (!shipment) {
      shipment = firstShipment(signal, () => `number-${(allocated += 1)}`);
      if (shipment.state === 'Dispatched') announced.push(shipment.trackingNumber);
      continue;
    }
    const decision = decide(shipment, signal);
    if (decision.kind === 'announce') announced.push(decision.trackingNumber);
    if (decision.kind === 'recall' && shipment.state === 'Dispatched') {
      shipment = { ...shipment, state: 'Recalled' };
    }
  }
  return { shipment, announced, allocated };
}

const signals = fc.array(fc.constantFrom<ShippingSignal>('Approved', 'Cancelled', 'Declined'), {
  minLength: 1,
  maxLength: 8,
});
const isStop = (signal: ShippingSignal) => signal !== 'Approved';

describe('the signals of an order, in any sequence and any number', () => {
  it('allocate one tracking number at most, and announce no other', () => {
    fc.assert(
      fc.property(signals, (sequence) => {
        const { allocated, announced } = replay(sequence);

        expect(allocated).toBeLessThanOrEqual(1);
        expect(new Set(announced).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never send an order off that was called off first', () => {
    fc.assert(
      fc.property(signals, (sequence) => {
        fc.pre(sequence[0] !== 'Approved');

        expect(replay(sequence)).toMatchObject({
          shipment: { state: 'Stopped' },
          announced: [],
          allocated: 0,
        });
      }),
    );
  });

  it('leave an order dispatched only if nothing called it off', () => {
    fc.assert(
      fc.property(signals, (sequence) => {
        const { shipment } = replay(sequence);

        expect(shipment?.state === 'Dispatched').toBe(!sequence.some(isStop));
      }),
    );
  });

  it('announce a dispatch as often as they approve it before it is called off', () => {
    fc.assert(
      fc.property(signals, (sequence) => {
        const end = sequence.findIndex(isStop);
        const approvals = end === -1 ? sequence.length : end;

        expect(replay(sequence).announced).toHaveLength(approvals);
      }),
    );
  });
});
