import { Agent, request } from 'node:http';

export interface PlainAnswer {
  status: number;
  body: string;
}

/**
 * Sends HTTP requests over connections that stay open, with no more than Node's own client: what
 * measures should take little of the processors that it shares with what is measured.
 */
export class PlainClient {
  readonly #agent: Agent;

  /** @param connections open at a time; further requests wait for one */
  constructor(connections: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(url: URL, headers: Record<string, string>, body: string): Promise<PlainAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
          response.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** An emulator refused a request of the measurement. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(operation: string, status: number, body: string) {
    super(`${operation} was answered ${status}: ${body.slice(0, 500)}`);
  }
}

const TARGETS = { sqs: 'AmazonSQS', dynamodb: 'DynamoDB_20120810' } as const;

/**
 * Calls AWS operations without an SDK, whose share of the processor would be the larger part of what
 * is measured. The signature names the service and is not valid; nobody verifies it.
 */
export class AwsClient {
  readonly #http: PlainClient;

  constructor(connections: number) {
    this.#http = new PlainClient(connections);
  }

  /** An operation of a service that speaks JSON. */
  async json(
    service: keyof typeof TARGETS,
    url: URL,
    operation: string,
    input: object,
  ): Promise<unknown> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${TARGETS[service]}.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: authorization(service),
    };
    const { status, body } = await this.#http.post(url, headers, JSON.stringify(input));
    if (status !== 200) throw new RefusedError(operation, status, body);
    return JSON.parse(body);
  }

  /** An operation of SNS, which takes form fields and answers XML. */
  async sns(url: URL, operation: string, fields: Record<string, string>): Promise<string> {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: authorization('sns'),
    };
    const form = new URLSearchParams({ Action: operation, Version: '2010-03-31', ...fields });
    const { status, body } = await this.#http.post(url, headers, form.toString());
    if (status !== 200) throw new RefusedError(operation, status, body);
    return body;
  }

  close(): void {
    this.#http.close();
  }
}

const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=none`;
