declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  /** Makes a server that does not listen yet; closing it closes its store too. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
