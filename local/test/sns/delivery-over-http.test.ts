import { createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { selfSignedCertificate } from '../../sns/delivery/certificate.ts';
import { HttpDelivery } from '../../sns/delivery/http-delivery.ts';
import { MessageSigner } from '../../sns/delivery/message-signer.ts';
import { NotificationWriter } from '../../sns/delivery/notification.ts';
import { Subscription } from '../../sns/model/subscription.ts';
import { SqliteStorage } from '../../storage/sqlite-storage.ts';
import { answering, confirmationSchema, PartnerServer } from './partner-server.ts';
import { CLIENT, settled, startSns } from './running-sns.ts';

const noPolicy = (): undefined => undefined;
const DAY_MS = 24 * 3_600_000;

describe('an HTTP endpoint', () => {
  let sns: Awaited<ReturnType<typeof startSns>>;
  let partner: PartnerServer;
  let topicArn: string;
  beforeEach(async () => {
    sns = await startSns();
    partner = new PartnerServer();
    await partner.listen();
    topicArn = (await sns.service.ensureTopic('Events', {})).arn;
  });
  afterEach(async () => {
    await sns.stop();
    await partner.close();
  });

  const publish = (message: string) => sns.service.publish({ topicArn, message }, CLIENT);
  const subscribe = (Attributes: Record<string, string> = {}, Endpoint = partner.url) =>
    sns.client.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'http', Endpoint, Attributes }),
    );
  const confirmationOf = async (type = 'SubscriptionConfirmation') => {
    const post = (await partner.received(type)).at(-1);
    return confirmationSchema.parse(JSON.parse(post?.body ?? ''));
  };
  const confirm = async (attributes: Record<string, string> = {}, options: object = {}) => {
    await subscribe(attributes);
    const { Token } = await confirmationOf();
    const { SubscriptionArn = '' } = await sns.client.send(
      new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token, ...options }),
    );
    return SubscriptionArn;
  };
  const visit = (url: string) => fetch(`${sns.url}/${new URL(url).search}`);
  const counts = async () => {
    const { Attributes } = await sns.client.send(
      new GetTopicAttributesCommand({ TopicArn: topicArn }),
    );
    return [Attributes?.['SubscriptionsPending'], Attributes?.['SubscriptionsConfirmed']];
  };
  const delivered = () => sns.activity.waitFor('message-delivered');
  /** Resolves when the attempt has failed and what follows from it is arranged. */
  const failed = async (attempt: number) => {
    const activity = await sns.activity.waitFor(
      'delivery-failed',
      (each) => each.attempt === attempt,
    );
    await settled();
    return activity;
  };

  it('receives nothing before it has confirmed its subscription', async () => {
    const { SubscriptionArn } = await subscribe();
    await publish('too early');
    const list = () => sns.client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
    const before = await list();
    const { SubscribeURL } = await confirmationOf();

    const answer = await visit(SubscribeURL);
    await publish('in time');

    const [notification] = await partner.received('Notification');
    expect(SubscriptionArn).toBe('pending confirmation');
    expect(before.Subscriptions?.[0]?.SubscriptionArn).toBe('PendingConfirmation');
    expect(answer.status).toBe(200);
    expect(JSON.parse(notification?.body ?? '')).toMatchObject({ Message: 'in time' });
    const after = await list();
    expect(notification?.headers).toMatchObject({
      'x-amz-sns-topic-arn': topicArn,
      'x-amz-sns-subscription-arn': after.Subscriptions?.[0]?.SubscriptionArn,
      'content-type': 'text/plain; charset=UTF-8',
    });
  });

  it('is asked to confirm in a signed message, again when it is subscribed again', async () => {
    await subscribe();
    await subscribe();
    await partner.received('SubscriptionConfirmation', 2);
    const message = await confirmationOf();

    const certificate = await fetch(new URL(new URL(message.SigningCertURL).pathname, sns.url));
    const { publicKey } = new X509Certificate(await certificate.text());

    const names = [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ];
    const values = new Map(Object.entries(message));
    const signed = names.map((name) => `${name}\n${values.get(name)}\n`).join('');
    const verifier = createVerify('RSA-SHA1').update(signed);
    expect(verifier.verify(publicKey, message.Signature, 'base64')).toBe(true);
  });

  it('counts as pending until then', async () => {
    await subscribe();
    const before = await counts();
    await visit((await confirmationOf()).SubscribeURL);

    expect([before, await counts()]).toEqual([
      ['1', '0'],
      ['0', '1'],
    ]);
  });

  it('is not confirmed with a foreign token, nor after two days', async () => {
    await subscribe();
    const { Token } = await confirmationOf();
    const confirmWith = (token: string) =>
      sns.client.send(new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token }));

    await expect(confirmWith('foreign')).rejects.toThrow('Invalid parameter: Token');
    sns.clock.advance(2 * DAY_MS + 1);
    await expect(confirmWith(Token)).rejects.toThrow('Invalid parameter: Token');
  });

  it('receives raw messages and the text of its protocol', async () => {
    await confirm({ RawMessageDelivery: 'true' });
    const message = JSON.stringify({ default: 'for others', http: 'for HTTP' });

    await sns.service.publish({ topicArn, message, messageStructure: 'json' }, CLIENT);

    const [post] = await partner.received('Notification');
    expect(post?.body).toBe('for HTTP');
    expect(post?.headers['x-amz-sns-rawdelivery']).toBe('true');
  });

  it('is tried again three times, 20 seconds apart, and then its dead-letter queue', async () => {
    const deadLetters = sns.queues.add('dead-letters');
    await confirm({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }) });
    partner.answers.push(...Array.from({ length: 4 }, () => answering(500)));

    await publish('text');
    for (const attempt of [1, 2, 3]) {
      await failed(attempt);
      sns.clock.advance(19_999);
      expect(await partner.received('Notification', attempt)).toHaveLength(attempt);
      sns.clock.advance(1);
    }
    await sns.activity.waitFor('message-dead-lettered');

    expect(await failed(4)).toMatchObject({ final: true });
    expect(deadLetters.sent).toHaveLength(1);
  });

  it('recovers', async () => {
    await confirm();
    partner.answers.push(answering(503), (response) => response.destroy());
    await publish('text');
    await failed(1);
    sns.clock.advance(20_000);
    await failed(2);
    sns.clock.advance(20_000);

    expect(await delivered()).toMatchObject({ attempt: 3, protocol: 'http' });
  });

  it.each([
    [400, {}],
    [404, {}],
    [301, { location: 'http://127.0.0.1:1/elsewhere' }],
  ])('that answers %i is not tried again', async (status, headers) => {
    await confirm();
    partner.answers.push(answering(status, headers));

    await publish('text');

    expect(await failed(1)).toMatchObject({
      final: true,
      reason: expect.stringContaining(`answered ${status}`),
    });
  });

  it('is tried by the delivery policy of its subscription', async () => {
    const healthyRetryPolicy = { numRetries: 2, numNoDelayRetries: 2 };
    const requestPolicy = { headerContentType: 'application/json' };
    await confirm({ DeliveryPolicy: JSON.stringify({ healthyRetryPolicy, requestPolicy }) });
    partner.answers.push(answering(500), answering(429), answering(500));

    await publish('text');
    for (const attempt of [1, 2]) {
      await failed(attempt);
      sns.clock.advance(0);
    }

    expect(await failed(3)).toMatchObject({ final: true });
    expect(partner.posts.at(-1)?.headers['content-type']).toBe('application/json');
  });

  it('does not keep publishers waiting, nor does its long answer', async () => {
    await confirm();
    const hanging = Promise.withResolvers<void>();
    partner.answers.push((response) => {
      void hanging.promise.then(() => {
        response.writeHead(200);
        for (let index = 0; index < 100; index++) response.write('x'.repeat(100_000));
        // It never ends.
      });
    });

    await publish('text');
    await partner.received('Notification');
    hanging.resolve();

    expect(await delivered()).toMatchObject({ attempt: 1 });
  });

  it('that answers too late has not taken the message', async () => {
    const { context } = sns;
    const notifications = new NotificationWriter(
      new MessageSigner(context.storage, context.clock),
      context,
    );
    const delivery = new HttpDelivery({
      context,
      notifications,
      topicPolicy: noPolicy,
      answerWithin: 20,
    });
    partner.answers.push(() => undefined);
    const subscription = new Subscription({
      arn: `${topicArn}:1`,
      topicArn,
      protocol: 'http',
      endpoint: partner.url,
      attributes: {},
    });
    const message = {
      messageId: 'id',
      topicArn,
      topicName: 'Events',
      body: 'text',
      attributes: {},
      publishedAt: 0,
      signatureVersion: '1' as const,
      fifo: false,
    };

    const attempt = delivery.protocol('http').deliver(message, subscription);

    await expect(attempt).rejects.toMatchObject({ name: 'UnreachableEndpointError' });
  });

  it('is told when its subscription ends, and may come back', async () => {
    const SubscriptionArn = await confirm();
    await sns.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    const { SubscribeURL } = await confirmationOf('UnsubscribeConfirmation');
    await publish('meanwhile');

    await visit(SubscribeURL);
    await publish('back');

    const [post] = await partner.received('Notification');
    expect(z.object({ Message: z.string() }).parse(JSON.parse(post?.body ?? ''))).toEqual({
      Message: 'back',
    });
    const { Attributes } = await sns.client.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );
    expect(Attributes).toMatchObject({ PendingConfirmation: 'false' });
  });

  it('may demand that only a signed request ends its subscription', async () => {
    const SubscriptionArn = await confirm({}, { AuthenticateOnUnsubscribe: 'true' });

    const answer = await fetch(
      `${sns.url}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(SubscriptionArn)}`,
    );

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>AuthorizationError</Code>');
  });

  it('whose certificate nobody vouches for is not posted to', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const now = Date.now();
    const cert = selfSignedCertificate({
      ...pair,
      commonName: '127.0.0.1',
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + DAY_MS),
    });
    const secure = new PartnerServer({
      cert,
      key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
    await secure.listen();

    await sns.client.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'https', Endpoint: secure.url }),
    );

    const { reason } = await failed(1);
    await secure.close();
    expect(reason).toMatch(/self-signed certificate/);
    expect(secure.posts).toEqual([]);
  });

  it('that holds a message at the end receives it after the restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sns-'));
    const before = await startSns({ storage: new SqliteStorage(folder) });
    const { arn } = await before.service.ensureTopic('Kept', {});
    const subscription = { protocol: 'http', endpoint: partner.url, attributes: {} };
    await before.service.ensureSubscription({ topicArn: arn, ...subscription });
    const { Token } = await confirmationOf();
    await before.client.send(new ConfirmSubscriptionCommand({ TopicArn: arn, Token }));
    partner.answers.push(() => undefined);
    await before.service.publish({ topicArn: arn, message: 'held' }, CLIENT);
    await partner.received('Notification');
    await before.stop();
    before.context.storage.close();

    const storage = new SqliteStorage(folder);
    const after = await startSns({ storage });
    after.clock.advance(0);
    const again = await after.activity.waitFor('message-delivered');
    await after.stop();
    storage.close();
    rmSync(folder, { recursive: true });

    expect(again).toMatchObject({ attempt: 1, protocol: 'http' });
    expect(partner.posts.filter(({ type }) => type === 'Notification')).toHaveLength(2);
  });

  it.each([
    'http://example.com/',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.example.com/',
    'http://[2001:db8::1]/',
    'ftp://127.0.0.1/',
    'no url',
  ])('elsewhere is refused: %s', async (endpoint) => {
    await expect(subscribe({}, endpoint)).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it.each([
    ['{', 'failed to parse JSON.'],
    ['{"healthyRetryPolicy":{"numRetries":101}}', 'healthyRetryPolicy.numRetries'],
    ['{"healthyRetryPolicy":{"minDelayTarget":30,"maxDelayTarget":20}}', 'minDelayTarget'],
    ['{"healthyRetryPolicy":{"numRetries":1,"numNoDelayRetries":2}}', 'numRetries'],
  ])('is not subscribed with the delivery policy %s', async (DeliveryPolicy, fault) => {
    await expect(subscribe({ DeliveryPolicy })).rejects.toThrow(fault);
  });
});
