import type { OrderEvent, OrderState } from '../../shared/order/messages.ts';

/** What the timeline keeps of an event: what happened to the order, and nothing personal. */
export interface TimelineEntry {
  readonly orderId: string;
  readonly eventId: string;
  readonly state: OrderState;
  readonly occurredAt: string;
  readonly correlationId: string;
  readonly detail?: string;
}

/** The same event always gives the same entry, so that writing it again changes nothing. */
export function timelineEntry(event: OrderEvent): TimelineEntry {
  const detail = detailOf(event);
  return {
    orderId: event.order.orderId,
    eventId: event.id,
    state: event.state,
    occurredAt: event.occurredAt,
    correlationId: event.correlationId,
    ...(detail !== undefined && { detail }),
  };
}

function detailOf(event: OrderEvent): string | undefined {
  if (event.state === 'Declined') return event.reasons.map(({ rule }) => rule).join(', ');
  return event.state === 'Shipped' ? event.trackingNumber : undefined;
}
