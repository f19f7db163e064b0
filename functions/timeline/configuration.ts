import { tableName } from '../../shared/configuration.ts';

/** The variables of the timeline service. */
export const variables = {
  orderTimelineTable: tableName('ORDER_TIMELINE_TABLE', 'keeps every state that an order was in'),
};
