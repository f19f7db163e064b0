import { queueName } from './names.mjs';

export const handler = async ({ body }) => ({
  statusCode: 202,
  body: JSON.stringify({ parcel: body, queue: queueName(process.env.QUEUE_URL) }),
});
