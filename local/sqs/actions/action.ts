import * as z from 'zod';
import type { Caller } from '../../endpoint/caller.ts';
import type { EmulatedQueue } from '../emulated-queue.ts';
import { malformedRequest, missingParameter } from '../errors.ts';
import type { MoveTasks } from '../move-tasks.ts';
import type { QueueRegistry } from '../queue-registry.ts';

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
