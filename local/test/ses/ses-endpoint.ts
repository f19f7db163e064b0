import { SESv2Client } from '@aws-sdk/client-sesv2';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../context/clock.ts';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import { answerEmails } from '../../ses/emails-page.ts';
import { SesService } from '../../ses/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

/** An endpoint with SES and its page alone, and a client of it. */
export async function startSes(dataDir?: string) {
  const activity = new ActivityStream(systemClock);
  const storage = dataDir === undefined ? memoryStorage() : new SqliteStorage(dataDir);
  const service = new SesService({
    activity,
    storage,
    clock: systemClock,
    region: 'us-east-1',
    accountId: '000000000000',
    endpoint: () => endpoint.url,
  });
  const endpoint = new HttpEndpoint({
    services: { ses: service },
    localPages: (request, response) => {
      answerEmails(service, request, response);
      return Promise.resolve();
    },
    httpApi: () => Promise.reject(new Error('Not an AWS request')),
    onError: (error) => {
      throw error;
    },
  });
  await endpoint.listen(0);
  const client = new SESv2Client({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: accessKeyIdOf('emailCustomers', '1'), secretAccessKey: 'local' },
  });
  const stop = async () => {
    client.destroy();
    await endpoint.close();
    storage.close();
  };
  return { client, service, activity, url: endpoint.url, stop };
}
