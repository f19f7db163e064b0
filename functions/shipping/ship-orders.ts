import { ulid } from 'ulid';
import * as z from 'zod/mini';

import { dynamodbClient, sqsClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { TransientError } from '../../shared/errors.ts';
import { CommandQueue } from '../../shared/messaging/sending.ts';
import { queueFunction } from '../../shared/middleware/queue-function.ts';
import type { Reporting } from '../../shared/middleware/telemetry.ts';
import { orderEventSchema, shipmentDispatchedCommand } from '../../shared/order/messages.ts';
import { decide, firstShipment, type Shipment, type ShippingSignal } from './rules.ts';
import { ShipmentsTable } from './shipments-table.ts';

export interface ShipOrdersDependencies {
  readonly shipments: ShipmentsTable;
  readonly commands: CommandQueue;
  readonly newTrackingNumber: () => string;
  readonly now: () => Date;
}

/** Another message about the same order was worked on at the same time. */
export class ShipmentChangedError extends TransientError {
  override readonly name = 'ShipmentChangedError';
}

/** The states that the queue's subscription lets through. */
const shippingEventSchema = z.intersection(
  orderEventSchema,
  z.object({ state: z.enum(['Approved', 'Cancelled', 'Declined']) }),
);

/**
 * Ships approved orders and keeps back, or calls back, those that are cancelled or declined. Tells
 * buying of each dispatch, again too when its own message is delivered again.
 */
export function createHandler(dependencies: () => ShipOrdersDependencies) {
  return queueFunction(dependencies, {
    schema: shippingEventSchema,
    work: async ({ state, order, correlationId }, available, report) => {
      const { orderId } = order;
      const shipment = firstShipment(state, available.newTrackingNumber);
      const first = await available.shipments.insert(orderId, shipment, available.now());
      if (first) reportFirst(orderId, shipment, report);
      const trackingNumber = first
        ? dispatchedNumber(shipment)
        : await reconsider(orderId, state, available, report);
      if (trackingNumber === undefined) return undefined;
      const requestedAt = available.now();
      return shipmentDispatchedCommand({ orderId, requestedAt, correlationId }, trackingNumber);
    },
    deliver: (dispatches, { commands }) => commands.send(dispatches),
  });
}

function dispatchedNumber(shipment: Shipment): string | undefined {
  return shipment.state === 'Dispatched' ? shipment.trackingNumber : undefined;
}

function reportFirst(orderId: string, { state }: Shipment, { count, log }: Reporting): void {
  count(state === 'Dispatched' ? 'ShipmentsDispatched' : 'ShipmentsStopped');
  log.info('Shipment decided', { orderId, shipment: state });
}

/**
 * Does what a signal asks for when something was done about the order before.
 *
 * @returns the tracking number when buying must hear of the dispatch again
 */
async function reconsider(
  orderId: string,
  signal: ShippingSignal,
  { shipments, now }: ShipOrdersDependencies,
  { count, log }: Reporting,
): Promise<string | undefined> {
  const shipment = await shipments.find(orderId);
  if (!shipment) throw new ShipmentChangedError('The shipment is gone again', { orderId });
  const decision = decide(shipment, signal);
  log.info('Shipment was decided before', { orderId, signal, decision: decision.kind });
  if (decision.kind === 'announce') return decision.trackingNumber;
  if (decision.kind === 'recall') {
    if (!(await shipments.recall(orderId, now()))) {
      throw new ShipmentChangedError('The shipment changed while it was looked at', { orderId });
    }
    count('ShipmentsRecalled');
  }
  return undefined;
}

export const handler = createHandler(
  once(() => {
    const { shipmentsTable, orderUpdatesQueueUrl } = readConfiguration(process.env, {
      shipmentsTable: ShipmentsTable.variable,
      orderUpdatesQueueUrl: CommandQueue.variable,
    });
    return {
      shipments: new ShipmentsTable(dynamodbClient(), shipmentsTable),
      commands: new CommandQueue(sqsClient(), orderUpdatesQueueUrl),
      newTrackingNumber: () => `TRK-${ulid()}`,
      now: () => new Date(),
    };
  }),
);
