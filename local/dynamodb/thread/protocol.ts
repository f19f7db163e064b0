import type { Caller } from '../../endpoint/caller.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  /** Folder of the store. */
  path: string;
  /** True for a store that outlives the process: its writes are counted (see `Witness`). */
  counted: boolean;
  /** The port to listen on: 0 for any, or that of the thread before. */
  port: number;
}

/** One successful write of one item. */
export interface ItemWrite {
  table: string;
  operation: string;
  /** The key's values, joined by `/`; undefined when the table's key is not known. */
  key: string | undefined;
  caller: Caller;
}

export type ThreadMessage =
  | { type: 'listening'; port: number; writesFound: number }
  | { type: 'writes'; writes: ItemWrite[] }
  /** So many writes, counted over all runs, stand in the store for certain. */
  | { type: 'stored'; writes: number }
  /** A request failed within the emulator. */
  | { type: 'failed'; reason: string }
  /** The detour that was asked for is taken from now on. */
  | { type: 'detoured' };

export type ParentMessage =
  | { type: 'close' }
  /** Requests go to this address first, which sends them back; undefined ends that. */
  | { type: 'detour'; url: string | undefined };
