import type { OrderEvent } from '../order/order-event.ts';
import type { UpdateCommand } from '../order/update-command.ts';

/** A message as it leaves a service, whatever carries it. */
export interface OutgoingMessage {
  /** The event's or the command's id; a FIFO queue or topic drops a second one within 5 minutes. */
  readonly id: string;
  /** Also the group in which a FIFO queue or topic keeps the order of messages. */
  readonly orderId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** `State` as an attribute is what the subscriptions' filter policies look at. */
export function eventMessage(event: OrderEvent): OutgoingMessage {
  return outgoing(event.id, event.order.orderId, event, {
    State: event.state,
    OrderId: event.order.orderId,
    CorrelationId: event.correlationId,
  });
}

export function commandMessage(command: UpdateCommand): OutgoingMessage {
  return outgoing(command.id, command.orderId, command, {
    OrderId: command.orderId,
    CorrelationId: command.correlationId,
  });
}

function outgoing(
  id: string,
  orderId: string,
  body: OrderEvent | UpdateCommand,
  attributes: Readonly<Record<string, string>>,
): OutgoingMessage {
  return { id, orderId, body: JSON.stringify(body), attributes };
}
