import { Agent, request as startRequest } from 'node:http';
import { seededRandom, type System } from 'template-runtime/system';
import { mutated, pick, type WireRequest } from './mutations.ts';
import { awsRequests, httpRequests } from './valid-requests.ts';

/** A request that the system should have refused, and did not. */
export interface Finding {
  request: WireRequest;
  /** The status, or what happened instead of an answer. */
  answer: string;
}

export interface FuzzResult {
  sent: number;
  /** Answers by status. */
  statuses: Record<string, number>;
  findings: Finding[];
}

const CONCURRENCY = 16;
const LONGEST_MS = 30_000;

/**
 * Sends requests that are valid but for a few changes. Whatever is wrong with them, the answer must
 * say so: a 5xx or no answer at all is a finding. 501 is none: it names what is not here.
 */
export async function runFuzz(
  system: System,
  { requests, seed, target }: { requests: number; seed: number; target: 'http' | 'aws' },
): Promise<FuzzResult> {
  const { idToken } = await system.issueToken({ sub: 'fuzz' });
  const valid = target === 'http' ? httpRequests(idToken) : awsRequests(system);
  const random = seededRandom(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const result: FuzzResult = { sent: 0, statuses: {}, findings: [] };
  const sendSome = async (): Promise<void> => {
    while (result.sent < requests) {
      result.sent += 1;
      const request = mutated(pick(valid, random), random);
      const answer = await answerTo(system.url, request, agent);
      result.statuses[answer] = (result.statuses[answer] ?? 0) + 1;
      if (!/^([1-4]\d\d|501)$/.test(answer)) result.findings.push({ request, answer });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sendSome));
  agent.destroy();
  return result;
}

function answerTo(url: string, request: WireRequest, agent: Agent): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const outgoing = startRequest({
      hostname,
      port,
      agent,
      method: request.method,
      path: request.target,
      headers: { ...request.headers, 'content-length': Buffer.byteLength(request.body) },
      timeout: LONGEST_MS,
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer in ${LONGEST_MS} ms`)));
    outgoing.once('error', (error) => resolve(error.message));
    outgoing.once('response', (response) => {
      const status = String(response.statusCode);
      response.once('end', () => resolve(status));
      response.once('error', (error) => resolve(error.message));
      if (response.headers['content-type'] === 'application/x-ndjson') {
        // A feed that is followed has no end.
        resolve(status);
        response.destroy();
      } else {
        response.resume();
      }
    });
    outgoing.end(request.body);
  });
}
