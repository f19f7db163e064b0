/** An event about an order, as large as those that the functions publish. */
export const sampleEvent = (orderId: string): string =>
  JSON.stringify({
    version: 1,
    id: `${orderId}:Placed`,
    type: 'OrderStateChanged',
    occurredAt: PLACED_AT,
    correlationId: 'kc5_oDdWoVrpdPU',
    order: {
      orderId,
      customer: { id: orderId, name: 'Rate Example', email: 'rate@example.com' },
      address: {
        line1: '12 Sample Street',
        city: 'Berlin',
        postalCode: '10115',
        country: 'DE',
      },
      lines: [
        {
          productId: 'pencil',
          product: 'Pencil',
          quantity: 4,
          unitPrice: { amount: 150, currency: 'EUR' },
        },
      ],
      total: { amount: 600, currency: 'EUR' },
      placedAt: PLACED_AT,
    },
    state: 'Placed',
  });

const PLACED_AT = '2026-11-22T16:26:52.468Z';

const money = (amount: string): object => ({
  M: { amount: { N: amount }, currency: { S: 'EUR' } },
});

export const sampleStep = (orderId: string): object => ({
  M: {
    state: { S: 'Placed' },
    at: { S: PLACED_AT },
    causedBy: { S: `${orderId}:Intake` },
    correlationId: { S: 'kc5_oDdWoVrpdPU' },
  },
});

/** An order as it stands in OrdersTable. */
export const sampleItem = (orderId: string): object => ({
  orderId: { S: orderId },
  customerId: { S: orderId },
  placedAt: { S: PLACED_AT },
  total: money('600'),
  order: {
    M: {
      orderId: { S: orderId },
      customer: {
        M: { id: { S: orderId }, name: { S: 'Rate Example' }, email: { S: 'rate@example.com' } },
      },
      address: {
        M: {
          line1: { S: '12 Sample Street' },
          city: { S: 'Berlin' },
          postalCode: { S: '10115' },
          country: { S: 'DE' },
        },
      },
      lines: {
        L: [
          {
            M: {
              productId: { S: 'pencil' },
              product: { S: 'Pencil' },
              quantity: { N: '4' },
              unitPrice: money('150'),
            },
          },
        ],
      },
      total: money('600'),
      placedAt: { S: PLACED_AT },
    },
  },
  state: { S: 'Placed' },
  history: { L: [sampleStep(orderId)] },
  lastEventId: { S: `${orderId}:Placed` },
});

/** An entry of OrderTimelineTable. */
export const sampleTimelineEntry = (orderId: string): object => ({
  orderId: { S: orderId },
  eventId: { S: `${orderId}:Placed` },
  state: { S: 'Placed' },
  occurredAt: { S: PLACED_AT },
  correlationId: { S: 'kc5_oDdWoVrpdPU' },
});
