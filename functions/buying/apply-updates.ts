import { once } from '../../shared/configuration.ts';
import { TransientError } from '../../shared/errors.ts';
import { queueFunction } from '../../shared/middleware/queue-function.ts';
import type { MetricName, Reporting } from '../../shared/middleware/telemetry.ts';
import {
  type OrderEvent,
  type OrderState,
  type UpdateCommand,
  updateCommandSchema,
} from '../../shared/order/messages.ts';
import { type OrderPublishing, orderPublishing } from './event-publisher.ts';
import type { OrdersTable } from './orders-table.ts';
import { decide, type RecordedStep, requestedOutcome, orderEvent } from './rules.ts';

export interface ApplyUpdatesDependencies extends OrderPublishing {
  readonly now: () => Date;
}

/** A command came before its order was recorded, or is about an order that never was. */
export class OrderNotRecordedError extends TransientError {
  override readonly name = 'OrderNotRecordedError';
}

const METRICS: Readonly<Partial<Record<OrderState, MetricName>>> = {
  Approved: 'VerdictApproved',
  Declined: 'VerdictDeclined',
  Cancelled: 'OrdersCancelled',
  Shipped: 'OrdersShipped',
};

/**
 * Applies what other services and customers ask for: the single writer of order state once an
 * order is recorded. It tries to write first, which nearly always succeeds, and looks at the order
 * only when the condition refuses.
 */
export function createHandler(dependencies: () => ApplyUpdatesDependencies) {
  return queueFunction(dependencies, {
    schema: updateCommandSchema,
    work: async (command, { orders, now }, report) => {
      const step: RecordedStep = {
        ...requestedOutcome(command),
        at: now().toISOString(),
        causedBy: command.id,
        correlationId: command.correlationId,
      };
      const taken = await orders.take(command.orderId, step);
      if (!taken) return settle(command, step, orders, report);
      const metric = METRICS[step.state];
      if (metric) report.count(metric);
      report.log.info('Order changed', { orderId: command.orderId, state: step.state });
      return orderEvent(taken.order, step);
    },
    deliver: (events, { events: publisher }) => publisher.publish(events),
  });
}

/**
 * What to do about a command that the order's state refuses. One that has had its effect was
 * delivered again, perhaps because publishing failed, so its event is published again. One that
 * another command overtook is settled: refusing it is the right outcome, and no failure.
 *
 * @throws OrderNotRecordedError
 */
async function settle(
  { id, orderId }: UpdateCommand,
  step: RecordedStep,
  orders: OrdersTable,
  { count, log }: Reporting,
): Promise<OrderEvent | undefined> {
  const recorded = await orders.find(orderId);
  if (!recorded) throw new OrderNotRecordedError('There is no such order yet', { orderId });
  const decision = decide(recorded.state, recorded.history, step);
  if (decision.kind === 'repeat') {
    log.info('Command was applied before', { orderId, commandId: id });
    return orderEvent(recorded.order, decision.step);
  }
  if (decision.kind === 'refuse') {
    count('CommandsRefused');
    log.warn('Command refused', { orderId, commandId: id, because: decision.because });
    return undefined;
  }
  throw new TransientError('The order changed while it was looked at', { orderId });
}

export const handler = createHandler(once(() => ({ ...orderPublishing(), now: () => new Date() })));
