import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import { Shop, SHOP } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

it('a subscription of protocol http asks its endpoint to confirm', async () => {
  // Prepare
  const confirmation = Promise.withResolvers<string>();
  const partner = createServer((request, response) => {
    void text(request).then(confirmation.resolve, confirmation.reject);
    response.end();
  });
  await once(partner.listen(0, '127.0.0.1'), 'listening');
  shop.afterwards(() => partner.close());
  const address = partner.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  // Act
  const system = await shop.start({
    template: {
      Resources: {
        Events: SHOP.Resources.Events,
        Partner: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Events' },
            Protocol: 'http',
            Endpoint: `http://127.0.0.1:${port}/notifications`,
          },
        },
      },
    },
  });

  // Assess
  expect(JSON.parse(await confirmation.promise)).toMatchObject({
    Type: 'SubscriptionConfirmation',
    TopicArn: expect.stringMatching(/:events$/),
  });
  expect(system.unsupported).toEqual([]);
});
