declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  /** What dynalite uses of a request. */
  interface DynaliteRequest {
    method: string;
    url: string;
    headers: Record<string, string | string[] | undefined>;
    on(event: string, listener: (...values: unknown[]) => void): unknown;
    removeAllListeners(): unknown;
  }

  /** What dynalite uses of an answer. */
  interface DynaliteResponse {
    statusCode: number;
    setHeader(name: string, value: string | number): void;
    end(body?: string): void;
  }

  type DynaliteHandler = (request: DynaliteRequest, response: DynaliteResponse) => void;

  interface DynaliteServer extends Server {
    listeners(event: 'request'): DynaliteHandler[];
  }

  /** Makes a server that does not listen yet; closing it closes its store too. */
  export default function dynalite(options?: DynaliteOptions): DynaliteServer;
}
