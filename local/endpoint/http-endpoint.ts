import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody, type AwsService } from './aws-request.ts';
import { callerOf } from './caller.ts';
import { readClaim } from './signature.ts';

const LOOPBACK = '127.0.0.1';

/** A plain HTTP handler: the HTTP API and the pages of the local system itself. */
export type PlainHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface EndpointOptions {
  /** By the service name of the credential scope. */
  services: Record<string, AwsService>;
  /** Pages and feeds of the local system, below `/_local/`. */
  localPages: PlainHandler;
  /** Everything that is neither signed nor local: the deployed HTTP API. */
  httpApi: PlainHandler;
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
    if (url.pathname.startsWith('/_local/') || url.pathname === '/_local') {
      return this.#options.localPages(request, response);
    }
    const claim = readClaim(request, url.searchParams);
    const serviceName = claim?.service ?? unsignedService(request, url);
    if (serviceName === undefined) return this.#options.httpApi(request, response);
    const service = Object.hasOwn(this.#options.services, serviceName)
      ? this.#options.services[serviceName]
      : undefined;
    if (!service) {
      response.writeHead(501, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          __type: 'NotImplemented',
          message: `The local endpoint has no ${serviceName}; it has ${Object.keys(this.#options.services).join(', ')}`,
        }),
      );
      return undefined;
    }
    const body = await readBody(request);
    if (!body) {
      response.writeHead(413).end();
      return undefined;
    }
    return service.handle(
      {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        caller: claim?.caller ?? callerOf('anonymous'),
        region: claim?.region,
        requestId: randomUUID(),
      },
      response,
    );
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

/** Requests that AWS takes unsigned: an SNS unsubscribe link, or a client told not to sign. */
function unsignedService(request: IncomingMessage, url: URL): string | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    if (target.startsWith('AmazonSQS.')) return 'sqs';
    if (target.startsWith('DynamoDB_')) return 'dynamodb';
    // Signing in has no credentials to sign with.
    if (target.startsWith('AWSCognitoIdentityProviderService.')) return 'cognito-idp';
  }
  if (url.searchParams.has('Action')) return 'sns';
  return undefined;
}
