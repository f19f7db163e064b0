import { Agent, request } from 'node:http';

export interface PlainAnswer {
  status: number;
  body: string;
}

/**
 * Sends HTTP requests over connections that stay open, with no more than Node's own client: what
 * measures should take little of the processors that it shares with what is measured.
 */
export class PlainClient {
  readonly #agent: Agent;

  /** @param connections open at a time; further requests wait for one */
  constructor(connections: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(url: URL, headers: Record<string, string>, body: string): Promise<PlainAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
