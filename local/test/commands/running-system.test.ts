import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { announceRunning, findRunning, withdrawRunning } from '../../commands/running-system.ts';
import { serviceFolder } from '../build/service-folder.ts';

/** An endpoint that answers everything with 200. */
async function endpoint(): Promise<{ url: string } & AsyncDisposable> {
  const server: Server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const announcement = (url: string) => ({ url, pid: process.pid, service: 'shop', stage: 'dev' });

describe('A running system', () => {
  it('is found by what it announced', async () => {
    await using folder = await serviceFolder({});
    await using running = await endpoint();

    await announceRunning(folder.path, announcement(running.url));

    expect(await findRunning(folder.path)).toEqual(announcement(running.url));
  });

  it('is not found once it has taken its announcement back', async () => {
    await using folder = await serviceFolder({});
    await using running = await endpoint();
    await announceRunning(folder.path, announcement(running.url));

    await withdrawRunning(folder.path);

    expect(await findRunning(folder.path)).toBeUndefined();
  });

  it('is found again when a later one of the same folder has stopped or was killed', async () => {
    await using folder = await serviceFolder({});
    await using first = await endpoint();
    await using later = await endpoint();
    await announceRunning(folder.path, announcement(first.url));
    await announceRunning(folder.path, { ...announcement(later.url), pid: process.ppid });

    const foundWhileBothRun = await findRunning(folder.path);
    await later[Symbol.asyncDispose]();
    const foundAfterwards = await findRunning(folder.path);

    expect(foundWhileBothRun?.url).toBe(later.url);
    expect(foundAfterwards?.url).toBe(first.url);
  });

  it('is not found when nothing answers at its address', async () => {
    await using folder = await serviceFolder({});
    const url = await endpoint().then(async (running) => {
      await running[Symbol.asyncDispose]();
      return running.url;
    });
    await announceRunning(folder.path, announcement(url));

    expect(await findRunning(folder.path)).toBeUndefined();
  });

  it('is not found when its process was killed', async () => {
    await using folder = await serviceFolder({});
    await using running = await endpoint();
    const beyondAnyPid = 2 ** 31 - 1;
    await announceRunning(folder.path, { ...announcement(running.url), pid: beyondAnyPid });

    expect(await findRunning(folder.path)).toBeUndefined();
  });

  it.each(['', '{"url":', '{"url":1}'])('is not found when its file holds %j', async (text) => {
    await using folder = await serviceFolder({ [join('.local', 'running', '1.json')]: text });

    expect(await findRunning(folder.path)).toBeUndefined();
  });
});
