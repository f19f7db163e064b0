import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson } from '../json/parse-json.ts';
import { readBody } from '../endpoint/aws-request.ts';
import { FaultNotFoundError, FaultRefusedError } from './errors.ts';
import { FAULT_KINDS, parseFault, type Fault } from './fault.ts';
import type { Faults } from './faults.ts';

/**
 * Answers `/_local/faults`: GET lists the faults that are on, POST adds the one in its JSON body (see
 * `Fault`), DELETE ends all of them and DELETE `/_local/faults/<id>` one.
 */
export async function answerFaults(
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const id = pathname.replace(/^\/_local\/faults\/?/, '');
  try {
    if (request.method === 'GET') {
      send(response, 200, { faults: faults.list(), kinds: FAULT_KINDS });
    } else if (request.method === 'POST') {
      const { id: added, fault, struck } = await faults.add(await readFault(request));
      send(response, 201, { id: added, fault, struck });
    } else if (request.method === 'DELETE') {
      await (id === '' ? faults.endAll() : faults.end(id));
      response.writeHead(204).end();
    } else {
      send(response, 405, { message: 'GET, POST and DELETE are answered here.' });
    }
  } catch (error) {
    if (error instanceof FaultRefusedError) send(response, 400, { message: error.message });
    else if (error instanceof FaultNotFoundError) send(response, 404, { message: error.message });
    else throw error;
  }
}

async function readFault(request: IncomingMessage): Promise<Fault> {
  const body = (await readBody(request))?.toString('utf8') ?? '';
  const fault = parseJson(body);
  if (fault !== undefined) return parseFault(fault);
  throw new FaultRefusedError(
    'The body must be a fault as JSON, such as {"type":"lose-answers","service":"ses"}',
  );
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body, undefined, 2)}\n`);
}
