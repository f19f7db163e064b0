import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';

/** A refusal as it was on the wire. */
export interface Refusal {
  /** The code that the query protocol has. */
  code: string;
  message: string;
  /** The error's name in the JSON protocol; undefined in the query protocol. */
  shape: string | undefined;
  fault: string;
  status: number;
}

export type Parameters = Record<string, unknown>;

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sqs/aws4_request, SignedHeaders=host, Signature=none';

const LIST_NAMES: Record<string, string> = {
  AWSAccountIds: 'AWSAccountId',
  Actions: 'ActionName',
  AttributeNames: 'AttributeName',
};
const MAP_NAMES: Record<string, string> = {
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
};

const jsonError = z
  .object({ __type: z.string(), message: z.string() })
  .transform(({ __type: type, message }) => ({ type, message }));
const xmlError = z.object({
  ErrorResponse: z.object({
    Error: z.object({ Type: z.string(), Code: z.string(), Message: z.string() }),
  }),
});
const answerSchema = z.record(z.string(), z.unknown());

/** Talks to SQS over plain HTTP in either protocol, as an SDK hides what is on the wire. */
export class RawSqs {
  readonly #url: string;
  readonly #protocol: 'json' | 'query';

  constructor(url: string, protocol: 'json' | 'query') {
    this.#url = url;
    this.#protocol = protocol;
  }

  /** The endpoint's address. */
  get url(): string {
    return this.#url;
  }

  /** Sends a request that must succeed, over the JSON protocol. */
  async call(action: string, parameters: Parameters): Promise<Record<string, unknown>> {
    const response = await this.#postJson(action, parameters);
    if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
    return answerSchema.parse(await response.json());
  }

  async createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
    const answer = await this.call('CreateQueue', { QueueName: name, Attributes: attributes });
    return z.string().parse(answer['QueueUrl']);
  }

  /** Sends a request that must be refused, over the protocol under test. */
  async refused(action: string, parameters: Parameters): Promise<Refusal> {
    const json = this.#protocol === 'json';
    const response = await (json
      ? this.#postJson(action, parameters)
      : this.#postQuery(action, parameters));
    const text = await response.text();
    if (response.ok) throw new Error(`${action} was not refused: ${text}`);
    if (!json) {
      const { Error: error } = xmlError.parse(
        new XMLParser({ parseTagValue: false }).parse(text),
      ).ErrorResponse;
      return {
        code: error.Code,
        message: error.Message,
        shape: undefined,
        fault: error.Type,
        status: response.status,
      };
    }
    const error = jsonError.parse(JSON.parse(text));
    const [code = '', fault = ''] = (response.headers.get('x-amzn-query-error') ?? '').split(';');
    return {
      code,
      message: error.message,
      shape: error.type.split('#').at(-1),
      fault,
      status: response.status,
    };
  }

  #postJson(action: string, parameters: Parameters): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: {
        authorization: AUTHORIZATION,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
      body: JSON.stringify(parameters),
    });
  }

  #postQuery(action: string, parameters: Parameters): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION },
      body: new URLSearchParams([
        ['Action', action],
        ['Version', '2012-11-05'],
        ...flatten(parameters, `${action}RequestEntry`),
      ]),
    });
  }
}

/** Writes parameters of the JSON protocol as those of the query protocol. */
function flatten(parameters: Parameters, entryName: string, prefix = ''): [string, string][] {
  return Object.entries(parameters).flatMap(([key, value]): [string, string][] => {
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown, index): [string, string][] => {
        const name = `${prefix}${LIST_NAMES[key] ?? entryName}.${index + 1}`;
        return typeof item === 'string'
          ? [[name, item]]
          : flatten(answerSchema.parse(item), entryName, `${name}.`);
      });
    }
    if (typeof value !== 'object' || value === null) return [[prefix + key, String(value)]];
    return Object.entries(value).flatMap(([name, item]: [string, unknown], index) => {
      const at = `${prefix}${MAP_NAMES[key] ?? key}.${index + 1}`;
      const rest: [string, string][] =
        typeof item === 'object' && item !== null
          ? flatten(answerSchema.parse(item), entryName, `${at}.Value.`)
          : [[`${at}.Value`, String(item)]];
      return [[`${at}.Name`, name], ...rest] satisfies [string, string][];
    });
  });
}
