import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type DeployedResource, StackNotFoundError } from 'template-runtime/commands';
import * as z from 'zod/mini';

import {
  type RecordedOrder,
  recordedOrderSchema,
  type RecordedStep,
  statesBefore,
} from '../functions/buying/rules.ts';
import { unlessRefused } from '../shared/errors.ts';
import { orderStates } from '../shared/order/messages.ts';
import type { Order } from '../shared/order/order.ts';

/** What stands in place of whatever said who somebody is. */
const ERASED = 'erased';

/** The physical names of the tables that hold something of a customer. */
export interface CustomerTables {
  readonly orders: string;
  readonly idempotency: string;
  readonly customerActivity: string;
  readonly shipments: string;
  readonly orderTimeline: string;
}

/** @throws StackNotFoundError */
export function customerTables(resources: readonly DeployedResource[]): CustomerTables {
  const nameOf = (logicalId: string): string => {
    const table = resources.find((resource) => resource.logicalId === logicalId);
    if (table) return table.physicalId;
    throw new StackNotFoundError(`The stack has no ${logicalId}`);
  };
  return {
    orders: nameOf('OrdersTable'),
    idempotency: nameOf('IdempotencyTable'),
    customerActivity: nameOf('CustomerActivityTable'),
    shipments: nameOf('ShipmentsTable'),
    orderTimeline: nameOf('OrderTimelineTable'),
  };
}

export interface Erasure {
  /** Orders that no longer say whose they were. */
  readonly anonymised: readonly string[];
  /** Orders under way: they need the address still, so they are to be erased when they have ended. */
  readonly underWay: readonly string[];
  /** Records of idempotency keys and of the customer's activity. */
  readonly deleted: number;
}

/**
 * Erases a customer from the tables. What accounts need stays: the order's id, lines, total, country,
 * states and times. Running it again does what a run that was broken off has left: the order, by
 * which the rest is found, is changed last.
 */
export async function eraseCustomer(
  client: DynamoDBClient,
  tables: CustomerTables,
  customerId: string,
): Promise<Erasure> {
  const anonymised: string[] = [];
  const underWay: string[] = [];
  for (const recorded of await ordersOf(client, tables.orders, customerId)) {
    const { orderId } = recorded.order;
    if (!hasEnded(recorded)) {
      underWay.push(orderId);
      continue;
    }
    await eraseTrackingNumbers(client, tables, orderId);
    const done = await anonymise(client, tables.orders, recorded);
    (done ? anonymised : underWay).push(orderId);
  }
  const deleted =
    (await deleteActivity(client, tables.customerActivity, customerId)) +
    (await deleteIdempotencyKeys(client, tables.idempotency, customerId));
  return { anonymised, underWay, deleted };
}

const hasEnded = ({ state }: RecordedOrder): boolean =>
  !orderStates.some((next) => statesBefore(next).includes(state));

async function ordersOf(
  client: DynamoDBClient,
  TableName: string,
  customerId: string,
): Promise<RecordedOrder[]> {
  const items = await itemsOf(
    paginateQuery(
      { client },
      {
        TableName,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customer',
        ExpressionAttributeValues: marshall({ ':customer': customerId }),
      },
    ),
  );
  return items.map((item) => z.parse(recordedOrderSchema, item));
}

/** `false` when the order has changed since it was read. */
async function anonymise(
  client: DynamoDBClient,
  TableName: string,
  { order, state, history }: RecordedOrder,
): Promise<boolean> {
  const answer = await unlessRefused(
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: marshall({ orderId: order.orderId }),
        // Without the key of the index, the order is not in it any more.
        UpdateExpression: 'SET #order = :order, history = :history REMOVE customerId',
        ConditionExpression: '#state = :state',
        ExpressionAttributeNames: { '#order': 'order', '#state': 'state' },
        ExpressionAttributeValues: marshall({
          ':order': anonymousOrder(order),
          ':history': history.map((step) => anonymousStep(step)),
          ':state': state,
        }),
      }),
    ),
  );
  return answer !== undefined;
}

/** Of the address the country remains, which decides about taxes. */
export function anonymousOrder({ orderId, lines, total, placedAt, address }: Order): Order {
  return {
    orderId,
    customer: { id: ERASED, name: ERASED, email: 'erased@example.com' },
    address: { line1: ERASED, city: ERASED, postalCode: ERASED, country: address.country },
    lines,
    total,
    placedAt,
  };
}

/** What a person wrote, and the number by which the carrier knows the address. */
export function anonymousStep(step: RecordedStep): RecordedStep {
  switch (step.state) {
    case 'Cancelled':
      return { ...step, reason: ERASED };
    case 'Declined':
      return { ...step, reasons: step.reasons.map(({ rule }) => ({ rule, reason: ERASED })) };
    case 'Shipped':
      return { ...step, trackingNumber: ERASED };
    case 'Placed':
    case 'Approved':
  }
  return step;
}

/** The shipment itself stays: without it, a repeated event would send the order off again. */
async function eraseTrackingNumbers(
  client: DynamoDBClient,
  { shipments, orderTimeline }: CustomerTables,
  orderId: string,
): Promise<void> {
  await unlessRefused(
    client.send(
      new UpdateItemCommand({
        TableName: shipments,
        Key: marshall({ orderId }),
        UpdateExpression: 'SET trackingNumber = :erased',
        ConditionExpression: 'attribute_exists(trackingNumber)',
        ExpressionAttributeValues: marshall({ ':erased': ERASED }),
      }),
    ),
  );
  await unlessRefused(
    client.send(
      new UpdateItemCommand({
        TableName: orderTimeline,
        Key: marshall({ orderId, eventId: `${orderId}:Shipped` }),
        UpdateExpression: 'SET detail = :erased',
        ConditionExpression: 'attribute_exists(detail)',
        ExpressionAttributeValues: marshall({ ':erased': ERASED }),
      }),
    ),
  );
}

const activityKey = z.object({ customerId: z.string(), window: z.string() });
const idempotencyKey = z.object({ idempotencyKey: z.string() });

async function deleteActivity(
  client: DynamoDBClient,
  TableName: string,
  customerId: string,
): Promise<number> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      KeyConditionExpression: 'customerId = :customer',
      ExpressionAttributeValues: marshall({ ':customer': customerId }),
    },
  );
  const keys = (await itemsOf(pages)).map((item) => z.parse(activityKey, item));
  return deleteAll(client, TableName, keys);
}

/** The table has no index by customer; it holds one day, so that it can be read as a whole. */
async function deleteIdempotencyKeys(
  client: DynamoDBClient,
  TableName: string,
  customerId: string,
): Promise<number> {
  const pages = paginateScan(
    { client },
    {
      TableName,
      FilterExpression: 'begins_with(idempotencyKey, :owner)',
      ExpressionAttributeValues: marshall({ ':owner': `${customerId} ` }),
    },
  );
  const keys = (await itemsOf(pages)).map((item) => z.parse(idempotencyKey, item));
  return deleteAll(client, TableName, keys);
}

async function deleteAll(
  client: DynamoDBClient,
  TableName: string,
  keys: readonly object[],
): Promise<number> {
  for (const key of keys) {
    await client.send(new DeleteItemCommand({ TableName, Key: marshall(key) }));
  }
  return keys.length;
}

async function itemsOf(
  pages: AsyncIterable<{ Items?: Record<string, AttributeValue>[] | undefined }>,
): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
  return items;
}
