exports.handler = async (event) => ({
  greeting: process.env.GREETING,
  queue: process.env.QUEUE_URL,
  region: process.env.AWS_REGION,
  event,
});
