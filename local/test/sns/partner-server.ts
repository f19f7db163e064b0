import {
  createServer,
  type IncomingMessage,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

/** What the partner was sent. */
export interface Post {
  type: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export const confirmationSchema = z.object({
  Type: z.string(),
  MessageId: z.string(),
  Token: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  SubscribeURL: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.string(),
  Signature: z.string(),
  SigningCertURL: z.string(),
});

/** A subscriber over HTTP on this machine, which answers as it is told. */
export class PartnerServer {
  readonly posts: Post[] = [];
  /** Answer the next posts, one each; 200 after them. */
  readonly answers: ((response: ServerResponse) => void)[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  readonly #scheme: 'http' | 'https';

  /** @param secure what it proves its name with when it serves HTTPS */
  constructor(secure?: { cert: string; key: string | Buffer }) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const type = String(request.headers['x-amz-sns-message-type']);
        const { url = '', headers } = request;
        this.posts.push({ type, url, headers, body: Buffer.concat(chunks).toString() });
        const answer = this.answers.shift();
        if (answer) answer(response);
        else response.writeHead(200).end();
        for (const check of this.#waiting) check();
      });
    };
    this.#scheme = secure ? 'https' : 'http';
    this.#server = secure ? createSecureServer(secure, listener) : createServer(listener);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening');
    return `${this.#scheme}://127.0.0.1:${address.port}/sns`;
  }

  /** Resolves with the posts of a type once there are `count`. */
  received(type: string, count = 1): Promise<Post[]> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = this.posts.filter((post) => post.type === type);
        if (found.length < count) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

export const answering =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end(body);
  };
