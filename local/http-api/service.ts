import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { CorsConfiguration } from './cors.ts';
import { gatewayAnswer } from './function-response.ts';
import { HttpApi, type RouteConfiguration } from './http-api.ts';
import {
  JwtAuthorizer,
  type JwtAuthorizerConfiguration,
  type LocalIssuers,
} from './jwt-authorizer.ts';

const OF_HOST = /^([a-z0-9]+)\.execute-api\./i;
const OF_PATH = /^\/_api\/([a-z0-9]+)(?=\/|\?|$)/;

/**
 * Every HTTP API of the template. The first is at the root of the endpoint; each answers at the
 * host `<api id>.execute-api.…` and below the path `/_api/<api id>`.
 */
export class HttpApis {
  readonly #context: LocalContext;
  readonly #functions: FunctionInvoker;
  readonly #localIssuers: LocalIssuers;
  readonly #apis = new Map<string, HttpApi>();

  constructor(context: LocalContext, functions: FunctionInvoker, localIssuers: LocalIssuers) {
    this.#context = context;
    this.#functions = functions;
    this.#localIssuers = localIssuers;
  }

  /** @returns the address of the API, without a trailing slash */
  ensureApi(apiId: string, cors: CorsConfiguration | undefined): string {
    const api = new HttpApi(this.#context, this.#functions, { apiId });
    api.configureCors(cors);
    this.#apis.set(apiId, api);
    return this.addressOf(apiId);
  }

  has(apiId: unknown): boolean {
    return typeof apiId === 'string' && this.#apis.has(apiId);
  }

  addressOf(apiId: string): string {
    const [first] = this.#apis.keys();
    const endpoint = this.#context.endpoint();
    return apiId === first ? endpoint : `${endpoint}/_api/${apiId}`;
  }

  /** @throws PayloadFormatError, RouteKeyError */
  addRoute(apiId: string, route: RouteConfiguration): void {
    this.#apis.get(apiId)?.addRoute(route);
  }

  jwtAuthorizer(configuration: JwtAuthorizerConfiguration): JwtAuthorizer {
    const { clock } = this.#context;
    return new JwtAuthorizer(configuration, { clock, localIssuers: this.#localIssuers });
  }

  /** Answers one request; bound, so that it can be handed on as a handler. */
  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const api = this.#apiOf(request);
    if (api) return api.handle(request, response);
    const { status, headers, body } = gatewayAnswer(404, 'Not Found');
    response.writeHead(status, headers);
    response.end(body);
    return undefined;
  };

  /** True when a route other than `$default` is for the request. */
  readonly serves = (method: string, path: string): boolean =>
    [...this.#apis.values()].some((api) => api.serves(method, path));

  /** True when the CORS configuration of an API lets pages of this origin in. */
  readonly allowsOrigin = (origin: string): boolean =>
    [...this.#apis.values()].some((api) => api.allowsOrigin(origin));

  /** Takes the prefix off the path of a request that names its API there. */
  #apiOf(request: IncomingMessage): HttpApi | undefined {
    const [, ofHost] = OF_HOST.exec(request.headers.host ?? '') ?? [];
    if (ofHost !== undefined) return this.#apis.get(ofHost.toLowerCase());
    const [prefix, ofPath] = OF_PATH.exec(request.url ?? '/') ?? [];
    if (prefix === undefined || ofPath === undefined || !this.#apis.has(ofPath)) {
      return [...this.#apis.values()][0];
    }
    const rest = (request.url ?? '/').slice(prefix.length);
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    return this.#apis.get(ofPath);
  }
}
