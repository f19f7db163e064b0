import * as z from 'zod';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { Caller } from '../../endpoint/caller.ts';
import * as errors from '../errors.ts';
import { malformedRequest, missingParameter } from '../errors.ts';
import type { EmulatedQueue } from '../model/emulated-queue.ts';
import { MAXIMUM_BATCH_ENTRIES } from '../model/limits.ts';
import type { MoveTasks } from '../model/move-tasks.ts';
import type { QueueRegistry } from '../model/queue-registry.ts';

/** One request to SQS, apart from its parameters. */
export interface ActionCall {
  readonly registry: QueueRegistry;
  readonly moveTasks: MoveTasks;
  readonly caller: Caller;
  readonly protocol: 'json' | 'query';
  /** The request's path: the query protocol may name the queue there. */
  readonly path: string;
  /** Aborts when the client leaves before it was answered. */
  readonly signal: AbortSignal;
}

/** Runs one API action; the result is the body of the answer, in the JSON protocol's shape. */
export type Action = (input: unknown, call: ActionCall) => Promise<object> | object;

/** The parameters of an API action as a schema, and what to do with them. */
export function action<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, call: ActionCall) => Promise<object> | object,
): Action {
  return (input, call) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw malformedRequest(z.prettifyError(parsed.error));
    return run(parsed.data, call);
  };
}

/** Every parameter may be absent here: SQS itself says which one it misses. */
export const text = z.string().optional();
export const textList = z.array(z.string()).default([]);
export const textMap = z.record(z.string(), z.string()).default({});
/** Both protocols: the query protocol has text only. */
export const integer = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ])
  .optional();

/** @throws AwsError MissingParameter */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined) throw missingParameter(parameter);
  return value;
}

/** @throws AwsError MissingParameter, QueueDoesNotExist, InvalidAddress */
export function queueOf(url: string | undefined, call: ActionCall): EmulatedQueue {
  const forQueryProtocol = call.protocol === 'query';
  const atPath = forQueryProtocol && url === undefined && call.path.length > 1;
  const address = atPath ? call.registry.context.endpoint() + call.path : url;
  return call.registry.requireByUrl(required(address || undefined, 'QueueUrl'), forQueryProtocol);
}

const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

interface Failure {
  Id: string;
  SenderFault: boolean;
  Code: string;
  Message: string;
}

/**
 * Checks what must hold for a batch as a whole.
 *
 * @returns the entries with their ids
 * @throws AwsError EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
 *   BatchEntryIdsNotDistinct
 */
export function requireBatch<Entry extends { Id?: string | undefined }>(
  entries: Entry[],
  entryType: string,
): (Entry & { Id: string })[] {
  if (entries.length === 0) throw errors.emptyBatch(entryType);
  if (entries.length > MAXIMUM_BATCH_ENTRIES) {
    throw errors.tooManyBatchEntries(MAXIMUM_BATCH_ENTRIES, entries.length);
  }
  const identified = entries.map((entry, index) => ({
    ...entry,
    Id: required(entry.Id, `${entryType}.${index + 1}.Id`),
  }));
  const seen = new Set<string>();
  for (const { Id } of identified) {
    if (!ENTRY_ID.test(Id)) throw errors.invalidBatchEntryId();
    if (seen.has(Id)) throw errors.batchEntryIdsNotDistinct(Id);
    seen.add(Id);
  }
  return identified;
}

/** Runs each entry by itself; one that is refused fails alone. */
export function runBatch<Entry extends { Id: string }>(
  entries: Entry[],
  run: (entry: Entry) => object,
): { Successful: object[]; Failed?: Failure[] } {
  const successful: object[] = [];
  const failed: Failure[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({
        Id: entry.Id,
        SenderFault: error.fault === 'Sender',
        Code: error.queryCode,
        Message: error.message,
      });
    }
  }
  return { Successful: successful, ...(failed.length === 0 ? {} : { Failed: failed }) };
}
