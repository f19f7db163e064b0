import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody, type AwsRequest, type AwsService } from './aws-request.ts';
import { callerOf } from './caller.ts';
import { crossSiteRefusal } from './cross-site.ts';
import { missingService, refuseInItsProtocol } from './refusal.ts';
import { unsignedService } from './unsigned-service.ts';
import { AwsError } from './aws-error.ts';
import { readClaim } from './signature.ts';

const LOOPBACK = '127.0.0.1';

/** A plain HTTP handler: the HTTP API and the pages of the local system itself. */
export type PlainHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What the endpoint has to know of the deployed HTTP API. */
export interface ApiRules {
  /** True for a request that one of its routes is for; `$default` is for what nobody else takes. */
  serves: (method: string, path: string) => boolean;
  /** True for an origin that the template's CORS configuration allows. */
  allowsOrigin: (origin: string) => boolean;
}

/** Stands between the endpoint and the services: it may carry out a request, or not, or twice. */
export interface Interceptor {
  /** @param carryOut lets the service answer on `response` */
  intercept(call: InterceptedCall, carryOut: () => Promise<void>): Promise<void>;
}

export interface InterceptedCall {
  service: string;
  request: AwsRequest;
  response: ServerResponse;
}

export interface EndpointOptions {
  /** By the service name of the credential scope. */
  services: Record<string, AwsService>;
  /** Pages and feeds of the local system, below `/_local/`. */
  localPages: PlainHandler;
  /** Gets everything that is neither for an AWS service nor local. */
  httpApi: PlainHandler;
  /** Unless given, the HTTP API has no routes of its own to prefer, and no CORS configuration. */
  apiRules?: ApiRules;
  interceptor?: Interceptor;
  /** Called with what no handler answered for. */
  onError: (error: unknown) => void;
}

/** The port that was asked for is in use, and no other was allowed. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
}

/**
 * One HTTP server on loopback for every AWS service. A signed request goes to the service that its
 * credential scope names, so that any AWS SDK or the AWS CLI works with `AWS_ENDPOINT_URL` alone.
 */
export class HttpEndpoint {
  readonly #server: Server;
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        options.onError(error);
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
        response.end('The local endpoint failed; its log says why.\n');
      });
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  /**
   * Starts to listen on loopback and resolves with the port.
   *
   * @param port 0 takes any free one
   * @throws PortInUseError
   */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'EADDRINUSE'
            ? new PortInUseError(`Port ${port} on ${LOOPBACK} is in use`)
            : error,
        );
      });
      this.#server.listen(port, LOOPBACK, () => resolve(this.port));
    });
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening yet');
    return address.port;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = targetOf(request);
    if (!url) {
      response.writeHead(400, { 'content-type': 'text/plain' });
      response.end('The request target is no URL.\n');
      return undefined;
    }
    const { httpApi, apiRules, localPages } = this.#options;
    if (url.pathname.startsWith('/_local/') || url.pathname === '/_local') {
      if (refusedCrossSite(request, response, { navigable: true })) return undefined;
      if (refusedUndecodable(url.pathname, response)) return undefined;
      return localPages(request, response);
    }
    const claim = readClaim(request, url.searchParams);
    const served = apiRules?.serves(request.method ?? 'GET', url.pathname) === true;
    const serviceName = claim?.service ?? (served ? undefined : unsignedService(request, url));
    if (serviceName === undefined) {
      const { allowsOrigin } = apiRules ?? {};
      if (refusedCrossSite(request, response, { navigable: true, allowsOrigin })) return undefined;
      return httpApi(request, response);
    }
    if (refusedCrossSite(request, response)) return undefined;
    const body = await readBody(request);
    if (!body) {
      response.writeHead(413).end();
      return undefined;
    }
    return this.#serve(serviceName, response, {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      caller: claim?.caller ?? callerOf('anonymous'),
      region: claim?.region,
      requestId: randomUUID(),
    });
  }

  async #serve(name: string, response: ServerResponse, request: AwsRequest): Promise<void> {
    const { services, interceptor } = this.#options;
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!service) {
      refuseInItsProtocol(request, response, missingService(name, Object.keys(services)));
      return;
    }
    const carryOut = (): Promise<void> => service.handle(request, response);
    try {
      if (interceptor) await interceptor.intercept({ service: name, request, response }, carryOut);
      else await carryOut();
    } catch (error) {
      // What cannot be decoded is the request's fault, whichever service found out.
      if (!(error instanceof URIError) || response.headersSent) throw error;
      const refusal = new AwsError('ValidationException', `${request.path} cannot be decoded`);
      refuseInItsProtocol(request, response, refusal);
    }
  }
}

/** Answers what a page of another origin may not ask for. @returns true when it did */
function refusedCrossSite(
  request: IncomingMessage,
  response: ServerResponse,
  options?: Parameters<typeof crossSiteRefusal>[1],
): boolean {
  const reason = crossSiteRefusal(request, options);
  if (reason === undefined) return false;
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(reason);
  return true;
}

/** Answers a path that no service could decode. @returns true when it did */
function refusedUndecodable(path: string, response: ServerResponse): boolean {
  if (isDecodable(path)) return false;
  response.writeHead(400, { 'content-type': 'text/plain' });
  response.end(`The path ${path} is not percent-encoded UTF-8.\n`);
  return true;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The URL that a request asks for. A target in origin form is a path even where it begins with two
 * slashes, which a relative URL would take for the name of a host.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
function targetOf({ url: target = '/' }: IncomingMessage): URL | undefined {
  const url = target.startsWith('/') ? `http://localhost${target}` : target;
  return URL.parse(url, 'http://localhost') ?? undefined;
}
