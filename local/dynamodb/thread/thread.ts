/**
 * Runs DynamoDB's emulator in a thread of its own, so that reads and writes of items do not share a
 * thread with queues and topics. It listens on its own loopback port.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import * as z from 'zod';
import { callerOf } from '../../endpoint/caller.ts';
import { readClaim } from '../../endpoint/signature.ts';
import type { ItemWrite, WorkerMessage } from './protocol.ts';
import { WriteReader } from './write-reader.ts';

if (!parentPort) throw new Error('This file is the entry of a worker thread');
const parent = parentPort;
const { path } = z.object({ path: z.string().optional() }).parse(workerData);

const server = dynalite({
  createTableMs: 0,
  updateTableMs: 0,
  deleteTableMs: 0,
  ...(path === undefined ? {} : { path }),
});
const reader = new WriteReader();
let unreported: ItemWrite[] = [];

server.keepAliveTimeout = 60_000;
server.prependListener('request', observe);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  tell({ type: 'listening', port: address.port });
});
parent.on('message', close);

/** Listens in on a request; the emulator's own listener answers it. */
function observe(request: IncomingMessage, response: ServerResponse): void {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  if (!reader.wants(operation)) return;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('finish', () => {
    if (operation === 'CreateTable' && response.statusCode < 500) {
      reader.learn(Buffer.concat(chunks).toString());
    } else if (response.statusCode === 200) {
      const caller = readClaim(request, new URLSearchParams())?.caller ?? callerOf('anonymous');
      for (const write of reader.read(operation, Buffer.concat(chunks).toString())) {
        report({ ...write, caller });
      }
    }
  });
}

/** Writes of one turn of the event loop reach the main thread as one message. */
function report(write: ItemWrite): void {
  unreported.push(write);
  if (unreported.length > 1) return;
  setImmediate(() => {
    tell({ type: 'writes', writes: unreported });
    unreported = [];
  });
}

function tell(message: WorkerMessage): void {
  parent.postMessage(message);
}

function close(): void {
  server.close((error) => {
    if (error) throw error;
    parent.close();
  });
  server.closeAllConnections();
}
