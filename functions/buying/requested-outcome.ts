import type { Outcome } from '../../shared/order/outcome.ts';
import type { UpdateCommand } from '../../shared/order/update-command.ts';

/** The state that a command asks for, with what there is to say about it. */
export function requestedOutcome(command: UpdateCommand): Outcome {
  if (command.type === 'CancelOrder') return { state: 'Cancelled', reason: command.reason };
  if (command.type === 'ShipmentDispatched') {
    return { state: 'Shipped', trackingNumber: command.trackingNumber };
  }
  return command.verdict === 'Approved'
    ? { state: 'Approved' }
    : { state: 'Declined', reasons: command.reasons };
}
