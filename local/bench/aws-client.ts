import { PlainClient } from './plain-client.ts';

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
