export const queueName = (url) => url.slice(url.lastIndexOf('/') + 1);
