import { setTimeout } from 'node:timers/promises';

import { dynamodbClient } from '../../shared/aws-clients.ts';
import { once, readConfiguration } from '../../shared/configuration.ts';
import { queueFunction } from '../../shared/middleware/queue-function.ts';
import { orderEventSchema } from '../../shared/order/messages.ts';
import { OrderTimelineTable } from './order-timeline-table.ts';
import { timelineEntry } from './rules.ts';

export interface RecordTimelineDependencies {
  readonly timeline: OrderTimelineTable;
}

/** Writes every event into the timeline of its order, a whole batch of messages at a time. */
export function createHandler(dependencies: () => RecordTimelineDependencies) {
  return queueFunction(dependencies, {
    schema: orderEventSchema,
    work: async (event, _dependencies, { count }) => {
      count('TimelineEventsReceived');
      return timelineEntry(event);
    },
    deliver: (entries, { timeline }) => timeline.write(entries),
  });
}

export const handler = createHandler(
  once(() => {
    const { orderTimelineTable } = readConfiguration(process.env, {
      orderTimelineTable: OrderTimelineTable.variable,
    });
    return { timeline: new OrderTimelineTable(dynamodbClient(), orderTimelineTable, setTimeout) };
  }),
);
