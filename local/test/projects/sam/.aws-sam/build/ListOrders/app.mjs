export const list = async (event) => {
  if (event.Records) return undefined;
  return {
    statusCode: 200,
    body: JSON.stringify({ greeting: process.env.GREETING, queue: process.env.QUEUE_ARN }),
  };
};
