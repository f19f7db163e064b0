import type { Order } from '../../../shared/order/order.ts';
import type { RecordedOrder, RecordedStep } from '../rules.ts';
import { type OrderLinks, orderLinks } from './order-path.ts';
import type { OrderState } from '../../../shared/order/order-event.ts';

/** An order as callers see it: what they gave, what became of it, and nothing of how it is kept. */
export interface OrderView extends Order {
  readonly state: OrderState;
  readonly history: readonly StepView[];
  readonly trackingNumber?: string;
  readonly links: OrderLinks;
}

/** A state, when it was reached, and what there is to say about it. */
type StepView = Omit<RecordedStep, 'causedBy' | 'correlationId'>;

export function orderView({ order, state, history }: RecordedOrder): OrderView {
  const shipped = history.find((step) => step.state === 'Shipped');
  return {
    ...order,
    state,
    history: history.map((step) => stepView(step)),
    ...(shipped && { trackingNumber: shipped.trackingNumber }),
    links: orderLinks(order.orderId),
  };
}

function stepView(step: RecordedStep): StepView {
  const { causedBy: _, correlationId: __, ...view } = step;
  return view;
}
