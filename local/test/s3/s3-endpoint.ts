import { S3Client } from '@aws-sdk/client-s3';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { systemClock } from '../../context/clock.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import { S3Service } from '../../s3/service.ts';
import { memoryStorage } from '../../storage/memory-storage.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';

const refuse = () => Promise.reject(new Error('Not an AWS request'));

/** An endpoint with S3 alone, and a client of it. */
export async function startS3(dataDir?: string) {
  const storage = dataDir === undefined ? memoryStorage() : new SqliteStorage(dataDir);
  const service = new S3Service(
    {
      activity: new ActivityStream(systemClock),
      storage,
      clock: systemClock,
      region: 'us-east-1',
      accountId: '000000000000',
      endpoint: () => endpoint.url,
    },
    { dataDir },
  );
  const endpoint = new HttpEndpoint({
    services: { s3: service },
    localPages: refuse,
    httpApi: refuse,
    onError: (error) => {
      throw error;
    },
  });
  await endpoint.listen(0);
  const client = new S3Client({
    endpoint: endpoint.url,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const stop = async () => {
    client.destroy();
    await endpoint.close();
    storage.close();
  };
  return { client, service, url: endpoint.url, stop };
}
