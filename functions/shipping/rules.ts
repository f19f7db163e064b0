import * as z from 'zod/mini';

/** What shipping has done about an order. */
export const shipmentSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('Dispatched'), trackingNumber: z.string() }),
  z.object({ state: z.literal('Stopped') }),
  z.object({ state: z.literal('Recalled'), trackingNumber: z.string() }),
]);
export type Shipment = z.infer<typeof shipmentSchema>;

/** The states of an order that concern shipping. */
export type ShippingSignal = 'Approved' | 'Cancelled' | 'Declined';

/** What is done about an order of which shipping knows nothing yet. */
export function firstShipment(signal: ShippingSignal, newTrackingNumber: () => string): Shipment {
  return signal === 'Approved'
    ? { state: 'Dispatched', trackingNumber: newTrackingNumber() }
    : { state: 'Stopped' };
}

export type ShippingDecision =
  /** It was sent off before; say so again, for the first word of it may be lost. */
  | { readonly kind: 'announce'; readonly trackingNumber: string }
  /** It is on its way and must come back. */
  | { readonly kind: 'recall' }
  | { readonly kind: 'nothing' };

/**
 * Decides from what was done before. Together with `firstShipment` it is right for the signals of
 * an order in any sequence and any number: an order is sent off at most once, never after a stop,
 * and one that was called off is stopped or recalled in the end.
 */
export function decide(shipment: Shipment, signal: ShippingSignal): ShippingDecision {
  if (shipment.state !== 'Dispatched') return { kind: 'nothing' };
  return signal === 'Approved'
    ? { kind: 'announce', trackingNumber: shipment.trackingNumber }
    : { kind: 'recall' };
}
