import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../endpoint/aws-request.ts';
import { FunctionNotFoundError, PayloadTooLargeError, ThrottledError } from '../lambda/errors.ts';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import type { LocalContext } from '../context/local-context.ts';
import {
  allowedOrigin,
  isPreflight,
  preflightAnswer,
  withCors,
  type CorsConfiguration,
} from './cors.ts';
import {
  gatewayAnswer,
  httpAnswerOf,
  INTERNAL_SERVER_ERROR,
  type HttpAnswer,
} from './function-response.ts';
import { requestEvent, splitTarget } from './request-event.ts';
import { RouteTable, type RouteAuthorization, type RouteMatch } from './route.ts';

export interface HttpApiOptions {
  apiId?: string;
  stage?: string;
  /** How long a function may take, its wait for an environment included: 30 s on AWS. */
  integrationTimeoutMs?: number;
}

export interface RouteConfiguration {
  /** `GET`, `ANY`, …; not looked at for the path `$default`. */
  method: string;
  /** `/orders/{orderId}`, `/{proxy+}` or `$default`. */
  path: string;
  functionName: string;
  /** Only 2.0 is spoken here. */
  payloadFormatVersion: string;
  authorization?: RouteAuthorization | undefined;
}

/** A route asks for an event format that is not spoken here. */
export class PayloadFormatError extends Error {
  override readonly name = 'PayloadFormatError';
}

const PAYLOAD_LIMIT_BYTES = 10 * 1024 * 1024;
const TOO_LARGE = gatewayAnswer(413, 'Request Entity Too Large');
const UNAVAILABLE = gatewayAnswer(503, 'Service Unavailable');

/**
 * An API Gateway HTTP API with Lambda integrations. A request that finds every environment of its
 * function busy waits for one as long as the integration timeout lasts: a laptop has ten of them
 * where an account has a thousand, and a burst should show as latency here as it would there.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
 */
export class HttpApi {
  readonly #context: LocalContext;
  readonly #functions: FunctionInvoker;
  readonly #routes = new RouteTable();
  readonly #apiId: string;
  readonly #stage: string;
  readonly #timeoutMs: number;
  #cors: CorsConfiguration | undefined;

  constructor(context: LocalContext, functions: FunctionInvoker, options: HttpApiOptions = {}) {
    this.#context = context;
    this.#functions = functions;
    this.#apiId = options.apiId ?? 'local';
    this.#stage = options.stage ?? '$default';
    this.#timeoutMs = options.integrationTimeoutMs ?? 30_000;
  }

  /**
   * @throws PayloadFormatError
   * @throws RouteKeyError
   */
  addRoute({
    method,
    path,
    functionName,
    payloadFormatVersion,
    authorization,
  }: RouteConfiguration): void {
    const routeKey = path === '$default' ? path : `${method.toUpperCase()} ${path}`;
    if (payloadFormatVersion !== '2.0') {
      throw new PayloadFormatError(
        `${routeKey} wants payload format ${payloadFormatVersion}; only 2.0 is spoken here`,
      );
    }
    this.#routes.add({ routeKey, functionName, authorization });
  }

  configureCors(cors: CorsConfiguration | undefined): void {
    this.#cors = cors;
  }

  /** True when a route other than `$default` is for the request. */
  readonly serves = (method: string, path: string): boolean => {
    const match = this.#routes.match(method, path);
    return match !== undefined && match.route.routeKey !== '$default';
  };

  /** True when the CORS configuration lets pages of this origin in. */
  readonly allowsOrigin = (origin: string): boolean =>
    this.#cors !== undefined && allowedOrigin(this.#cors, origin);

  /** Answers one request; bound, so that it can be handed on as a handler. */
  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const method = request.method ?? 'GET';
    const { path } = splitTarget(request.url ?? '/');
    const requestId = randomBytes(11).toString('base64url');
    const match = this.#routes.match(method, path);
    const answer = await this.#answer(request, match, requestId);
    write(response, answer, { requestId, withBody: method !== 'HEAD' });
    this.#context.activity.record({
      type: 'http-answered',
      method,
      path,
      functionName: match?.route.functionName,
      status: answer.status,
      durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
    });
  };

  async #answer(
    request: IncomingMessage,
    match: RouteMatch | undefined,
    requestId: string,
  ): Promise<HttpAnswer> {
    const { origin } = request.headers;
    if (this.#cors && origin !== undefined && isPreflight(request)) {
      return preflightAnswer(this.#cors, origin);
    }
    const body = await readBody(request, PAYLOAD_LIMIT_BYTES);
    let answer: HttpAnswer;
    if (!body) answer = TOO_LARGE;
    else if (!match) answer = gatewayAnswer(404, 'Not Found');
    else answer = await this.#integrate(request, body, match, requestId);
    return this.#cors ? withCors(answer, this.#cors, origin) : answer;
  }

  async #integrate(
    request: IncomingMessage,
    body: Buffer,
    match: RouteMatch,
    requestId: string,
  ): Promise<HttpAnswer> {
    const { functionName, routeKey, authorization } = match.route;
    const authorized = await authorization?.authorizer.authorize(request, authorization.scopes);
    if (authorized?.allowed === false) return authorized.answer;
    const context = {
      accountId: this.#context.accountId,
      apiId: this.#apiId,
      stage: this.#stage,
      requestId,
      now: this.#context.clock.now(),
    };
    const event = requestEvent(request, body, match, context, authorized?.caller);
    const invoked = this.#functions.invoke({
      functionName,
      payload: JSON.stringify(event),
      source: `HTTP ${routeKey}`,
      waitForEnvironmentMs: this.#timeoutMs,
    });
    try {
      const result = await this.#withinTimeout(invoked);
      if (result === undefined) return UNAVAILABLE;
      return result.functionError ? INTERNAL_SERVER_ERROR : httpAnswerOf(result.payload);
    } catch (error) {
      if (error instanceof ThrottledError) return UNAVAILABLE;
      // Lambda takes less than API Gateway does, and base64 makes a body larger.
      if (error instanceof PayloadTooLargeError) return TOO_LARGE;
      if (error instanceof FunctionNotFoundError) return INTERNAL_SERVER_ERROR;
      throw error;
    }
  }

  /** The function goes on after the timeout, as on AWS; only its answer comes too late. */
  async #withinTimeout<T>(work: Promise<T>): Promise<T | undefined> {
    const timeout = Promise.withResolvers<undefined>();
    const cancel = this.#context.clock.schedule(this.#timeoutMs, () => timeout.resolve(undefined));
    try {
      return await Promise.race([work, timeout.promise]);
    } finally {
      cancel();
    }
  }
}

function write(
  response: ServerResponse,
  { status, headers, cookies, body }: HttpAnswer,
  { requestId, withBody }: { requestId: string; withBody: boolean },
): void {
  response.writeHead(status, {
    ...headers,
    ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }),
    ...(status === 204 || status === 304 ? {} : { 'content-length': body.length }),
    'apigw-requestid': requestId,
  });
  response.end(withBody ? body : undefined);
}
