import type { Caller } from '../../endpoint/caller.ts';

/** What the worker is started with. */
export interface WorkerOptions {
  /** Folder of the store; in memory without it. */
  path?: string;
}

/** One successful write of one item. */
export interface ItemWrite {
  table: string;
  operation: string;
  /** The key's values, joined by `/`; undefined when the table's key is not known. */
  key: string | undefined;
  caller: Caller;
}

export type WorkerMessage =
  { type: 'listening'; port: number } | { type: 'writes'; writes: ItemWrite[] };

export type ParentMessage = { type: 'close' };
