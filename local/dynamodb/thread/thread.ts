/**
 * Runs DynamoDB's emulator in a thread of its own, so that reads and writes of items do not share a
 * thread with queues and topics. It listens on its own loopback port and hands the emulator nothing
 * that would end it.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import dynalite from 'dynalite';
import * as z from 'zod';
import type { AwsError } from '../../endpoint/aws-error.ts';
import { readBody } from '../../endpoint/aws-request.ts';
import { callerOf } from '../../endpoint/caller.ts';
import { crossSiteRefusal } from '../../endpoint/cross-site.ts';
import { forward, NO_FAULT_HEADER } from '../../endpoint/forward.ts';
import { readClaim } from '../../endpoint/signature.ts';
import { hasErrorCode } from '../../errors/error-code.ts';
import { errorBody, internalServerError, serializationException } from '../errors.ts';
import { refusalOf } from '../requests.ts';
import { watchItemLocks } from './item-locks.ts';
import { Emulator, EmulatorFailure, type EmulatorAnswer } from './emulator.ts';
import type { ItemWrite, ParentMessage, ThreadMessage } from './protocol.ts';
import { Witness, WITNESS_TABLE } from './witness.ts';
import { WriteReader } from './write-reader.ts';

if (!parentPort) throw new Error('This file is the entry of a worker thread');
const parent = parentPort;
const options = z
  .object({ path: z.string(), counted: z.boolean(), port: z.number() })
  .parse(workerData);

watchItemLocks(() => emulator.locksNow());
const server = dynalite({
  createTableMs: 0,
  updateTableMs: 0,
  deleteTableMs: 0,
  path: options.path,
});
const [handler] = server.listeners('request');
if (!handler) throw new Error('dynalite has no request handler');
// The guard stands where dynalite's own handler stood.
server.removeAllListeners('request');
const emulator = new Emulator(handler);
const witness = options.counted
  ? new Witness(emulator, (writes) => tell({ type: 'stored', writes }))
  : undefined;
const reader = new WriteReader();
let detour: string | undefined;
let unreported: ItemWrite[] = [];

process.on('uncaughtException', (error) => {
  const failure = emulator.onUncaught(error);
  tell({ type: 'failed', reason: failure.message });
  // The store takes no further write after a failed one: the next thread opens it anew.
  if (failure.ofStore) setImmediate(() => process.exit(1));
});
parent.on('message', (message: ParentMessage) => {
  if (message.type === 'close') void close();
  else {
    detour = message.url;
    tell({ type: 'detoured' });
  }
});

const writesFound = (await witness?.open()) ?? 0;
server.keepAliveTimeout = 60_000;
server.on('request', (request: IncomingMessage, response: ServerResponse) => {
  answer(request, response).catch((error: unknown) => {
    // A client that leaves in the middle of its request waits for no answer.
    const left =
      hasErrorCode(error, 'ECONNRESET') || hasErrorCode(error, 'ERR_STREAM_PREMATURE_CLOSE');
    if (!left) tell({ type: 'failed', reason: String(error) });
    response.destroy();
  });
});
server.listen(options.port, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
  tell({ type: 'listening', port: address.port, writesFound });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = crossSiteRefusal(request);
  if (refusal !== undefined) {
    response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(refusal);
    return;
  }
  if (detour !== undefined && request.headers[NO_FAULT_HEADER] === undefined) {
    await forward(request, response, detour);
    return;
  }
  const body = await readBody(request);
  if (!body) {
    response.writeHead(413).end();
    return;
  }
  const { status, headers, body: text } = await answerTo(request, body);
  const bytes = Buffer.from(text);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

async function answerTo(request: IncomingMessage, body: Buffer): Promise<EmulatorAnswer> {
  const refusal = refusalOf(body);
  if (refusal) return refused(refusal);
  const { method = 'GET', url = '/', headers } = request;
  try {
    const answered = await emulator.carryOut({ method, url, headers, body });
    afterwards(request, body, answered);
    return lists(request) && answered.status === 200 ? withoutWitness(answered) : answered;
  } catch (error) {
    if (!(error instanceof EmulatorFailure)) throw error;
    // What its validation stumbles over is no input that DynamoDB would take.
    return refused(
      error.late ? internalServerError(error.message) : serializationException(error.message),
    );
  }
}

const operationOf = ({ headers }: IncomingMessage): string =>
  String(headers['x-amz-target']).split('.').at(-1) ?? '';

const lists = (request: IncomingMessage): boolean =>
  request.method === 'POST' && operationOf(request) === 'ListTables';

/** Learns keys and reports writes. */
function afterwards(request: IncomingMessage, body: Buffer, { status }: EmulatorAnswer): void {
  const operation = operationOf(request);
  if (!reader.wants(operation) || request.method !== 'POST' || body.length === 0) return;
  if (operation === 'CreateTable') {
    if (status < 500) reader.learn(body.toString());
  } else if (status === 200) {
    const caller = readClaim(request, new URLSearchParams())?.caller ?? callerOf('anonymous');
    report(reader.read(operation, body.toString()).map((write) => ({ ...write, caller })));
  }
}

/** Writes of one turn of the event loop reach the main thread as one message. */
function report(writes: ItemWrite[]): void {
  witness?.note(writes.length);
  if (unreported.length === 0) {
    setImmediate(() => {
      tell({ type: 'writes', writes: unreported });
      unreported = [];
    });
  }
  unreported.push(...writes);
}

const tableNames = z.looseObject({ TableNames: z.array(z.string()) });

function withoutWitness(answered: EmulatorAnswer): EmulatorAnswer {
  const tables = tableNames.safeParse(JSON.parse(answered.body)).data;
  if (!tables) return answered;
  const names = tables.TableNames.filter((name) => name !== WITNESS_TABLE);
  return answerOf(200, JSON.stringify({ ...tables, TableNames: names }));
}

const refused = (error: AwsError): EmulatorAnswer => answerOf(error.httpStatus, errorBody(error));

const answerOf = (status: number, body: string): EmulatorAnswer => ({
  status,
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-crc32': crc32(body),
    'x-amzn-requestid': randomUUID(),
  },
  body,
});

function tell(message: ThreadMessage): void {
  parent.postMessage(message);
}

async function close(): Promise<void> {
  await witness?.close();
  server.close((error) => {
    if (error) throw error;
    parent.close();
  });
  server.closeAllConnections();
}
