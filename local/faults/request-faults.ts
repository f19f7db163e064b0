import { request as startRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActivityStream } from '../activity/activity-stream.ts';
import { actionOf } from '../endpoint/action-of.ts';
import { AwsError } from '../endpoint/aws-error.ts';
import { NO_FAULT_HEADER, withoutConnectionHeaders } from '../endpoint/forward.ts';
import type { InterceptedCall, Interceptor } from '../endpoint/http-endpoint.ts';
import { refuseInItsProtocol } from '../endpoint/refusal.ts';
import type { FaultKind, FaultOf } from './fault.ts';
import type { ActiveFault, Faults } from './faults.ts';

type Refusing = 'fail-requests' | 'throttle-requests';
type Passing = 'delay-requests' | 'lose-answers' | 'repeat-requests';
type Environmental = 'kill-environment' | 'freeze-environment';
export type RequestFaultKind = Refusing | Passing | Environmental;

const KINDS: ReadonlySet<string> = new Set<RequestFaultKind>([
  'kill-environment',
  'freeze-environment',
  'fail-requests',
  'throttle-requests',
  'delay-requests',
  'lose-answers',
  'repeat-requests',
]);

/** True for the faults that strike AWS requests. */
export const isRequestFault = (kind: FaultKind): boolean => KINDS.has(kind);

/** How each service says that it was asked too often; the SDKs know these names. */
const THROTTLING: Record<string, AwsError> = {
  sqs: new AwsError('ThrottlingException', 'Rate exceeded', { queryCode: 'RequestThrottled' }),
  sns: new AwsError('Throttled', 'Rate exceeded', { queryCode: 'Throttling', httpStatus: 429 }),
  s3: new AwsError('SlowDown', 'Please reduce your request rate.', { httpStatus: 503 }),
  ses: new AwsError('TooManyRequestsException', 'Maximum sending rate exceeded.', {
    httpStatus: 429,
  }),
  lambda: new AwsError('TooManyRequestsException', 'Rate Exceeded.', { httpStatus: 429 }),
};
const THROTTLED = new AwsError('ThrottlingException', 'Rate exceeded');

export interface RequestFaultsOptions {
  /** Ends the execution environment that makes a request, whatever it does. */
  kill: (environment: FunctionCaller) => void | Promise<void>;
  /** The endpoint's own address. */
  endpoint: () => string;
}

/** Lets faults strike the AWS requests that pass the endpoint. */
export class RequestFaults implements Interceptor {
  readonly #faults: Faults;
  readonly #kill: RequestFaultsOptions['kill'];
  readonly #endpoint: () => string;
  /** How many requests each running invocation has made, by environment and fault. */
  readonly #calls = new Map<string, Map<string, number>>();
  readonly #frozen = new Set<string>();

  constructor(faults: Faults, activity: ActivityStream, { kill, endpoint }: RequestFaultsOptions) {
    this.#faults = faults;
    this.#kill = kill;
    this.#endpoint = endpoint;
    activity.subscribe((happened) => {
      if (happened.type === 'function-invoked') this.#calls.delete(happened.environmentId);
    });
  }

  async intercept(call: InterceptedCall, carryOut: () => Promise<void>): Promise<void> {
    const { request, response } = call;
    if (request.headers[NO_FAULT_HEADER] !== undefined) return carryOut();
    if (isFunction(request.caller) && this.#frozen.has(request.caller.environmentId)) return;

    for (const fault of this.#matching('delay-requests', call)) {
      if (this.#strikes(fault, call, `comes ${fault.fault.ms} ms late`)) {
        await pause(fault.fault.ms);
      }
    }
    const environmental = this.#environmentalStrike(call);
    if (environmental?.when === 'before') return environmental.strike();
    const refusal = this.#refusal(call);
    if (refusal) return refuseInItsProtocol(request, response, refusal);
    for (const fault of this.#matching('repeat-requests', call)) {
      if (this.#strikes(fault, call, 'is carried out twice')) await this.#carryOutBefore(call);
    }
    const lost = this.#matching('lose-answers', call).some((fault) =>
      this.#strikes(fault, call, 'is carried out and its answer lost'),
    );
    if (environmental?.when === 'during') {
      silence(call);
      await Promise.all([carryOut(), environmental.strike()]);
      return undefined;
    }
    if (environmental?.when === 'after') {
      response.once('finish', () => void environmental.strike());
    } else if (lost) {
      dropInsteadOfAnswer(call);
    }
    return carryOut();
  }

  /** A kill or freeze that is due now: its environment has made the nth request. */
  #environmentalStrike(
    call: InterceptedCall,
  ): { when: 'before' | 'during' | 'after'; strike: () => Promise<void> } | undefined {
    const { caller } = call.request;
    if (!isFunction(caller)) return undefined;
    const { environmentId } = caller;
    for (const active of [
      ...this.#matching('kill-environment', call),
      ...this.#matching('freeze-environment', call),
    ]) {
      const { type, when, call: nth } = active.fault;
      if (this.#countCall(environmentId, active.id) !== nth) continue;
      const verb = type === 'kill-environment' ? 'is killed' : 'freezes';
      if (!this.#strikes(active, call, `${verb} ${when} it`)) continue;
      return {
        when,
        strike: async () => {
          this.#frozen.add(environmentId);
          if (type === 'kill-environment') await this.#kill(caller);
        },
      };
    }
    return undefined;
  }

  #countCall(environmentId: string, faultId: string): number {
    const counts = this.#calls.get(environmentId) ?? new Map<string, number>();
    this.#calls.set(environmentId, counts);
    const count = (counts.get(faultId) ?? 0) + 1;
    counts.set(faultId, count);
    return count;
  }

  #refusal(call: InterceptedCall): AwsError | undefined {
    for (const fault of this.#matching('throttle-requests', call)) {
      if (this.#strikes(fault, call, 'is throttled')) return THROTTLING[call.service] ?? THROTTLED;
    }
    for (const fault of this.#matching('fail-requests', call)) {
      const { code, status } = fault.fault;
      if (this.#strikes(fault, call, `fails with ${status} ${code}`)) {
        return new AwsError(code, `The fault ${fault.id} struck`, { httpStatus: status });
      }
    }
    return undefined;
  }

  /** Sends the same request to the endpoint, past all faults, and waits for its answer. */
  #carryOutBefore({ request }: InterceptedCall): Promise<void> {
    const url = new URL(`${request.path}?${request.query.toString()}`, this.#endpoint());
    return new Promise((resolve, reject) => {
      const { method, headers, body } = request;
      const sent = startRequest(url, {
        method,
        headers: { ...withoutConnectionHeaders(headers), [NO_FAULT_HEADER]: 'true' },
        agent: false,
      });
      sent.once('error', reject);
      sent.once('response', (answer) => answer.resume().once('end', resolve));
      sent.end(body);
    });
  }

  #matching<K extends RequestFaultKind>(kind: K, call: InterceptedCall): ActiveFault<FaultOf<K>>[] {
    return this.#faults.active(kind).filter(({ fault }) => matches(fault, call));
  }

  #strikes(active: ActiveFault, call: InterceptedCall, what: string): boolean {
    const { service, request } = call;
    const action = actionOf(service, request);
    return this.#faults.strikes(active, {
      what: `${action} ${what}`,
      ...(isFunction(request.caller) ? { functionName: request.caller.functionName } : {}),
    });
  }
}

function matches(
  { service, action, function: functionName }: FaultOf<RequestFaultKind>,
  call: InterceptedCall,
): boolean {
  const { caller } = call.request;
  return (
    (service === undefined || service === call.service) &&
    (functionName === undefined || (isFunction(caller) && caller.functionName === functionName)) &&
    (action === undefined || action === actionOf(call.service, call.request))
  );
}

type Caller = InterceptedCall['request']['caller'];
type FunctionCaller = Extract<Caller, { kind: 'function' }>;
const isFunction = (caller: Caller): caller is FunctionCaller => caller.kind === 'function';

/** Lets the service write an answer that nobody gets. */
function silence({ response }: InterceptedCall): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => response;
}

/** Closes the connection at the moment when the service begins to answer. */
function dropInsteadOfAnswer({ response }: InterceptedCall): void {
  response.writeHead = () => {
    response.destroy();
    return response;
  };
}
