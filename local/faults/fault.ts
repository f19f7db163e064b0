import * as z from 'zod';
import { FaultRefusedError } from './errors.ts';

/**
 * What can be made to go wrong. A fault strikes by chance (`rate`, seeded by `seed`) and until it
 * has struck `times` times; without `times` until it is ended.
 *
 * Functions and queues are named by logical id, by physical name, or by the end of the name that
 * follows a dash (`placeOrder` of `shop-dev-placeOrder`).
 */
const chance = {
  /** 0–1: the share of the occasions on which the fault strikes. */
  rate: z.number().gt(0).lte(1).default(1),
  /** Ends the fault by itself. */
  times: z.int().min(1).optional(),
  /** The same seed strikes on the same occasions. */
  seed: z.int().default(1),
};

/** Which AWS requests: all of them unless narrowed. */
const requests = {
  /** The service name of the credential scope: `sqs`, `sns`, `dynamodb`, `ses`, `s3`, `lambda`. */
  service: z.string().optional(),
  /** As the API reference names it: `PutItem`. */
  action: z.string().optional(),
  /** The function that makes the request; otherwise everybody, clients too. */
  function: z.string().optional(),
};

/** The nth request of an invocation, among those that `service` and `action` choose. */
const nthRequest = {
  ...requests,
  call: z.int().min(1).default(1),
  /**
   * `before`: the request is not carried out. `during`: it is, and the environment never learns.
   * `after`: it is answered first.
   */
  when: z.enum(['before', 'during', 'after']).default('before'),
};

const kinds = {
  /** Ends the execution environment that makes a request, as a crash of its process would. */
  'kill-environment': { ...nthRequest, ...chance },
  /** Lets no request of the environment be answered any more, until its function times out. */
  'freeze-environment': { ...nthRequest, ...chance },
  /** Refuses requests; 500 InternalFailure unless given. Nothing is carried out. */
  'fail-requests': {
    ...requests,
    status: z.int().min(400).max(599).default(500),
    code: z.string().default('InternalFailure'),
    ...chance,
  },
  /** Refuses requests as a service does that is asked too often. */
  'throttle-requests': { ...requests, ...chance },
  /** Carries requests out `ms` milliseconds late. */
  'delay-requests': { ...requests, ms: z.number().min(1).max(900_000), ...chance },
  /** Carries requests out and drops the connection instead of answering. */
  'lose-answers': { ...requests, ...chance },
  /** Carries requests out twice; the second answer counts. */
  'repeat-requests': { ...requests, ...chance },
  /**
   * Lets functions get messages of a standard queue twice, or a function its asynchronous events.
   */
  'deliver-twice': { queue: z.string().optional(), function: z.string().optional(), ...chance },
  /** Holds messages back that a function would get now, each one once. */
  'delay-deliveries': {
    queue: z.string(),
    seconds: z.int().min(1).max(43_200).default(1),
    ...chance,
  },
  /** Shuffles what a function receives from a standard queue and lets some of it come later. */
  'reorder-queue': { queue: z.string(), ...chance, rate: chance.rate.default(0.3) },
  /** Fails invocations by queues and the HTTP API: before the handler runs, or after. */
  'fail-invocations': {
    function: z.string(),
    when: z.enum(['before', 'after']).default('before'),
    ...chance,
  },
  /** Receives nothing more for a function. */
  'pause-consumer': { function: z.string(), queue: z.string().optional() },
  /** Sends a message that no consumer can read. It is over at once. */
  'send-poison': {
    queue: z.string(),
    body: z.string().default('{"poison":'),
    group: z.string().default('poison'),
    count: z.int().min(1).max(1_000).default(1),
  },
} satisfies Record<string, z.ZodRawShape>;

export type FaultKind = keyof typeof kinds;
export const FAULT_KINDS = Object.keys(kinds) as FaultKind[];

const of = <K extends FaultKind>(kind: K) =>
  z.strictObject({ type: z.literal(kind), ...kinds[kind] });

const faultSchema = z.discriminatedUnion('type', [
  of('kill-environment'),
  of('freeze-environment'),
  of('fail-requests'),
  of('throttle-requests'),
  of('delay-requests'),
  of('lose-answers'),
  of('repeat-requests'),
  of('deliver-twice'),
  of('delay-deliveries'),
  of('reorder-queue'),
  of('fail-invocations'),
  of('pause-consumer'),
  of('send-poison'),
]);

/** A fault as one asks for it: what has a default may be left out. */
export type FaultRequest = z.input<typeof faultSchema>;
export type Fault = z.infer<typeof faultSchema>;
export type FaultOf<K extends FaultKind> = Extract<Fault, { type: K }>;

/** @throws FaultRefusedError */
export function parseFault(request: unknown): Fault {
  const parsed = faultSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new FaultRefusedError(`This is no fault: ${at}${issue?.message ?? 'unknown reason'}`);
}

/** The names that a fault of this kind takes, for a usage text. */
export const propertiesOf = (kind: FaultKind): string[] => Object.keys(kinds[kind]);
