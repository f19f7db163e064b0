import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from '@jest/globals';
import { Shop } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

it.each(['Enabled', 'Suspended'])('a bucket of the template has versioning %s', async (Status) => {
  // Prepare
  const system = await shop.start({
    template: {
      Resources: {
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: 'documents', VersioningConfiguration: { Status } },
        },
      },
    },
  });
  const client = new S3Client({
    endpoint: system.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  shop.afterwards(() => client.destroy());

  // Act
  const versioning = await client.send(new GetBucketVersioningCommand({ Bucket: 'documents' }));

  // Assess
  expect(versioning.Status).toBe(Status);
  expect(system.unsupported).toEqual([]);
});
