import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `task` while no other process on this machine runs one under the same name. The lock is a
 * local socket: the operating system frees it even when its holder is killed, and those who wait
 * are told by the end of their connection.
 */
export async function whileHoldingLock<Result>(
  name: string,
  task: () => Promise<Result>,
): Promise<Result> {
  const path = socketPath(name);
  let server = await listen(path);
  while (!server) {
    await holderIsGone(path);
    server = await listen(path);
  }
  try {
    return await task();
  } finally {
    await release(server);
  }
}

/** Where the lock of that name listens. */
export function socketPath(name: string): string {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 24);
  return process.platform === 'win32'
    ? String.raw`\\.\pipe\order-messaging-${id}`
    : join(tmpdir(), `order-messaging-${id}.sock`);
}

/** Resolves with undefined when another process holds the path. */
function listen(path: string): Promise<Held | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<() => void>();
    const server = createServer((socket) => {
      // One who waits and is killed may reset its connection.
      socket.on('error', () => socket.destroy());
      waiting.add(() => socket.destroy());
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve({ server, waiting }));
  });
}

interface Held {
  server: Server;
  waiting: ReadonlySet<() => void>;
}

function release({ server, waiting }: Held): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const disconnect of waiting) disconnect();
  });
}

/** Resolves when the holder of the path has ended its work or its life. */
async function holderIsGone(path: string): Promise<void> {
  const failure = await connectionEnds(path);
  // A killed holder leaves the file of its socket behind.
  if (failure === 'ECONNREFUSED') await rm(path, { force: true });
}

/** Resolves with the code of the error that ended the connection, if one did. */
function connectionEnds(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.on('close', () => resolve(undefined));
    socket.resume();
  });
}
