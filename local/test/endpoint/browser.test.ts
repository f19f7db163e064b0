import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { System } from '../../system/start-system.ts';
import { Shop } from '../system/shop-system.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env['CHROMIUM'] ?? CHROMIUM.find((path) => existsSync(path));
const foreign = executablePath === undefined ? describe.skip : describe;
const TITLE =
  executablePath === undefined
    ? 'a page of another origin (skipped: no Chromium here; install it or name it in CHROMIUM)'
    : 'a page of another origin';

const shop = new Shop();
let system: System;
let browser: Browser;
let page: Page;
let pages: Server;

beforeAll(async () => {
  if (executablePath === undefined) return;
  system = await shop.start({ runEventSources: false });
  pages = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>A nice page</h1>');
  });
  pages.listen(0, '127.0.0.1');
  await once(pages, 'listening');
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'],
  });
  page = await browser.newPage();
  const address = pages.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  await page.goto(`http://evil.example:${address.port}/`);
});
afterAll(async () => {
  await browser?.close();
  pages?.close();
  await shop.cleanUp();
});

const presigned = (service: string): string =>
  `X-Amz-Credential=${encodeURIComponent(`test/20261122/us-east-1/${service}/aws4_request`)}`;

/** Resolves when the browser has the answer that it keeps from the page. */
async function statusOf(script: string, url: string): Promise<number> {
  const answered = page.waitForResponse((response) => response.url() === url);
  // The script is blind to the answer and fails: what counts is what the browser saw.
  await page.evaluate(script).catch(() => undefined);
  return (await answered).status();
}

const showImage = (url: string): string => `new Image().src = ${JSON.stringify(url)}`;

const postBlindly = (url: string): string =>
  `fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: '{}' })`;

foreign(TITLE, () => {
  it('purges no queue with an image', async () => {
    // Prepare
    const { sqs } = shop.clients(system);
    const queueUrl = system.outputs['OrdersUrl'] ?? '';
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'ORD-1' }));

    // Act
    const action = `Action=PurgeQueue&Version=2012-11-05&QueueUrl=${encodeURIComponent(queueUrl)}`;
    const url = `${system.url}/?${presigned('sqs')}&${action}`;
    const status = await statusOf(showImage(url), url);

    // Assess
    expect(status).toBe(403);
    const { Attributes: attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    expect(attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  });

  it.each([
    ['publishes nothing', 'sns', `/?Action=Publish&Version=2010-03-31&Message=forged`],
    ['invokes no function', 'lambda', '/2015-03-31/functions/shop-placeOrder/invocations'],
    ['sends no mail', 'ses', '/v2/email/outbound-emails'],
  ])('%s with a simple POST', async (_, service, target) => {
    const url = `${system.url}${target}${target.includes('?') ? '&' : '?'}${presigned(service)}`;

    expect(await statusOf(postBlindly(url), url)).toBe(403);
  });

  it('places no order unless the template lets it in', async () => {
    const url = `${system.url}/orders`;

    expect(await statusOf(postBlindly(url), url)).toBe(403);
  });

  it('reads no table at the emulator’s own port', async () => {
    // Prepare
    const { dynamodb } = shop.clients(system);
    const tableName = system.outputs['TableName'] ?? '';
    await dynamodb.send(
      new PutItemCommand({ TableName: tableName, Item: { orderId: { S: 'ORD-1' } } }),
    );
    const url = system.environmentOf('RecordOrders')['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';

    // Act
    const scan = page.evaluate(
      async ([address, table]) => {
        const answer = await fetch(address ?? '', {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': 'DynamoDB_20120810.Scan',
          },
          body: JSON.stringify({ TableName: table }),
        });
        return answer.text();
      },
      [url, tableName],
    );

    // Assess
    await expect(scan).rejects.toThrow('Failed to fetch');
  });

  it('reads nothing under a name of its own for this machine', async () => {
    const port = new URL(system.url).port;
    const other = await browser.newPage();

    const answer = await other.goto(`http://rebound.example:${port}/_local/activity?follow=false`);

    expect(answer?.status()).toBe(403);
    expect(await answer?.text()).not.toContain('message-sent');
    await other.close();
  });

  it('may link to the pages of the system', async () => {
    const other = await browser.newPage();
    await other.goto(page.url());
    await other.evaluate(`window.location.href = '${system.url}/_local/'`);
    await other.waitForURL(`${system.url}/_local/`);

    expect(await other.title()).toBe('Local system');
    await other.close();
  });
});
