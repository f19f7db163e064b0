import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

/** A handler whose events stay until a test lets them go: it asks the test, which does not answer. */
export class HeldHandler {
  /** The module, which answers how many events its environment has had. */
  readonly source: string;
  readonly #server: Server;
  readonly #held: ServerResponse[] = [];
  readonly #arrivals: (() => void)[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.source = `
      let count = 0;
      export const handler = async ({ hold }) => {
        count++;
        if (hold) await fetch('http://127.0.0.1:${port}/');
        return count;
      };`;
    server.on('request', (_request, response) => {
      this.#held.push(response);
      for (const check of this.#arrivals.splice(0)) check();
    });
  }

  static async start(): Promise<HeldHandler> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('It has no port');
    return new HeldHandler(server, address.port);
  }

  /** Resolves when `count` events are held. */
  async holds(count: number): Promise<void> {
    while (this.#held.length < count) {
      await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    }
  }

  /** Lets every held event go. */
  letGo(): void {
    for (const response of this.#held.splice(0)) response.end();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
