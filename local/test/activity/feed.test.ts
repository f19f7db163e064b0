import { once } from 'node:events';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ActivityStream } from '../../activity/activity-stream.ts';
import { answerActivity } from '../../activity/feed.ts';
import { systemClock } from '../../context/clock.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const task of cleanUp.splice(0)) task();
});

async function served(stream: ActivityStream): Promise<number> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    answerActivity(stream, searchParams, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  return address.port;
}

const sent = (stream: ActivityStream, body: string): void =>
  stream.record({
    type: 'message-sent',
    queue: 'Orders',
    messageId: '1',
    body,
    caller: { kind: 'client', accessKeyId: 'test' },
    duplicate: false,
  });

describe('the feed of activities', () => {
  it('costs next to nothing for followers that do not read, and cuts them off in the end', async () => {
    // Prepare
    const limits = { count: 1_000, bytes: 4_000_000 };
    const stream = new ActivityStream(systemClock, limits);
    const port = await served(stream);
    const followers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = createConnection(port, '127.0.0.1');
        socket.on('error', () => {});
        socket.pause();
        await once(socket, 'connect');
        socket.write('GET /?since=0 HTTP/1.1\r\nhost: localhost\r\n\r\n');
        return socket;
      }),
    );
    const body = 'x'.repeat(20_000);
    const before = process.memoryUsage().external + process.memoryUsage().heapUsed;

    // Act
    for (let round = 0; round < 100; round++) {
      for (let count = 0; count < 50; count++) sent(stream, body);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const after = process.memoryUsage().external + process.memoryUsage().heapUsed;
    const ends = followers.map((socket) => once(socket, 'close'));
    for (const socket of followers) socket.resume();

    // Assess
    // A hundred megabytes were told to each of the twenty.
    expect(after - before).toBeLessThan(150_000_000);
    await Promise.all(ends);
  });

  it('gives a follower that reads slowly everything', async () => {
    // Prepare
    const stream = new ActivityStream(systemClock);
    const port = await served(stream);
    for (let count = 0; count < 500; count++) sent(stream, 'x'.repeat(20_000));

    // Act
    const response = await fetch(`http://127.0.0.1:${port}/?follow=false&since=100`);
    let lines = 0;
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      lines += chunk.split('\n').length - 1;
    }

    // Assess
    expect(lines).toBe(400);
  });
});
