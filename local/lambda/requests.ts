import type { ServerResponse } from 'node:http';
import { parseJson } from '../json/parse-json.ts';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest } from '../endpoint/aws-request.ts';
import type { LocalContext } from '../context/local-context.ts';
import { FunctionNotFoundError, PayloadTooLargeError, ThrottledError } from './errors.ts';
import {
  functionArn,
  functionNameOf,
  logGroupOf,
  runtimeOf,
  qualifierOf,
  type FunctionConfiguration,
} from './model/function-configuration.ts';
import type { FunctionInvoker } from './model/function-invoker.ts';

/** An event source mapping as Lambda's API shows it. */
export interface EventSourceMappingDescription {
  UUID: string;
  BatchSize: number;
  MaximumBatchingWindowInSeconds: number;
  EventSourceArn: string;
  EventSourceMappingArn: string;
  FunctionArn: string;
  /** Seconds since the epoch. */
  LastModified: number;
  State: 'Enabled' | 'Disabled';
  StateTransitionReason: string;
  FunctionResponseTypes: string[];
  ScalingConfig?: { MaximumConcurrency: number };
  FilterCriteria?: { Filters: { Pattern: string }[] };
}

/** The part of the service that its HTTP interface needs. */
interface Functions extends FunctionInvoker {
  configurations(): FunctionConfiguration[];
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** JSON text. */
  body?: string;
}

/** Lambda writes the last 4 KB of a log into X-Amz-Log-Result. */
const TAIL_BYTES = 4096;

/**
 * The REST interface of Lambda, as far as a client of running functions needs it: Invoke, and the
 * reading of functions and event source mappings.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export class LambdaApi {
  readonly #context: LocalContext;
  readonly #functions: Functions;
  readonly #mappings: () => readonly EventSourceMappingDescription[];

  constructor(
    context: LocalContext,
    functions: Functions,
    mappings: () => readonly EventSourceMappingDescription[],
  ) {
    this.#context = context;
    this.#functions = functions;
    this.#mappings = mappings;
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      const refusal = this.#refusal(error);
      answer = {
        status: refusal.httpStatus,
        headers: { 'x-amzn-errortype': refusal.code },
        body: JSON.stringify({
          Type: refusal.fault === 'Sender' ? 'User' : 'Service',
          Message: refusal.message,
          message: refusal.message,
        }),
      };
    }
    const bytes = Buffer.from(answer.body ?? '');
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'x-amzn-requestid': request.requestId,
      ...answer.headers,
      // A 204 has no body, so it must name no length.
      ...(answer.status === 204 ? {} : { 'content-length': bytes.length }),
    });
    response.end(bytes);
  }

  async #answer(request: AwsRequest): Promise<Answer> {
    const [version, resource, name, action] = pathOf(request);
    const reads = request.method === 'GET';
    if (version === '2015-03-31' && resource === 'functions') {
      if (action === 'invocations' && request.method === 'POST') {
        return this.#invoke(name ?? '', request);
      }
      if (name === undefined && reads) return this.#listFunctions();
      if (action === undefined && reads) return this.#getFunction(name ?? '');
      if (action === 'configuration' && reads) {
        return json(describeConfiguration(this.#context, this.#configuration(name ?? '')));
      }
    }
    if (version === '2015-03-31' && resource === 'event-source-mappings' && reads) {
      return name === undefined ? this.#listMappings(request.query) : this.#getMapping(name);
    }
    throw new AwsError(
      'NotImplemented',
      `The local Lambda has no ${request.method} ${request.path}; it has Invoke, ListFunctions, GetFunction, GetFunctionConfiguration, ListEventSourceMappings and GetEventSourceMapping`,
      { httpStatus: 501 },
    );
  }

  async #invoke(reference: string, request: AwsRequest): Promise<Answer> {
    const functionName = functionNameOf(reference);
    const qualifier = request.query.get('Qualifier') ?? qualifierOf(reference);
    if (qualifier !== '$LATEST') throw new FunctionNotFoundError(`${functionName}:${qualifier}`);
    this.#configuration(functionName);
    const payload = payloadOf(request);
    const clientContext = clientContextOf(request);
    const invocation = { functionName, payload, source: 'client', clientContext };
    const type = headerOf(request, 'x-amz-invocation-type') ?? 'RequestResponse';
    switch (type) {
      case 'DryRun':
        return { status: 204 };
      case 'Event': {
        const { requestId } = await this.#functions.invokeAsync(invocation);
        return { status: 202, headers: { 'x-amzn-requestid': requestId } };
      }
      case 'RequestResponse': {
        const result = await this.#functions.invoke(invocation);
        const headers: Record<string, string> = {
          'x-amzn-requestid': result.requestId,
          'x-amz-executed-version': '$LATEST',
        };
        if (result.functionError) headers['x-amz-function-error'] = result.functionError;
        if (headerOf(request, 'x-amz-log-type') === 'Tail') {
          const log = Buffer.from(`${result.logs.join('\n')}\n`);
          headers['x-amz-log-result'] = log.subarray(-TAIL_BYTES).toString('base64');
        }
        return { status: result.statusCode, headers, body: result.payload };
      }
      default:
        throw new AwsError(
          'InvalidParameterValueException',
          `1 validation error detected: Value '${type}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]`,
        );
    }
  }

  #listFunctions(): Answer {
    const functions = this.#functions.configurations();
    return json({ Functions: functions.map((one) => describeConfiguration(this.#context, one)) });
  }

  #getFunction(reference: string): Answer {
    const configuration = this.#configuration(reference);
    return json({
      Configuration: describeConfiguration(this.#context, configuration),
      Code: { RepositoryType: 'Local', Location: configuration.codeFolder },
      ...(configuration.reservedConcurrency === undefined
        ? {}
        : {
            Concurrency: { ReservedConcurrentExecutions: configuration.reservedConcurrency },
          }),
    });
  }

  #listMappings(query: URLSearchParams): Answer {
    const queueArn = query.get('EventSourceArn');
    const name = query.get('FunctionName');
    const arn = name === null ? null : functionArn(this.#context, functionNameOf(name));
    const mappings = this.#mappings().filter(
      (mapping) =>
        (queueArn === null || mapping.EventSourceArn === queueArn) &&
        (arn === null || mapping.FunctionArn === arn),
    );
    return json({ EventSourceMappings: mappings });
  }

  #getMapping(uuid: string): Answer {
    const mapping = this.#mappings().find(({ UUID }) => UUID === uuid);
    if (mapping) return json(mapping);
    throw new AwsError(
      'ResourceNotFoundException',
      `The resource you requested does not exist. (Event source mapping ${uuid})`,
      { httpStatus: 404 },
    );
  }

  /** @throws FunctionNotFoundError */
  #configuration(reference: string): FunctionConfiguration {
    const functionName = functionNameOf(reference);
    const configuration = this.#functions
      .configurations()
      .find((candidate) => candidate.functionName === functionName);
    if (!configuration) throw new FunctionNotFoundError(functionName);
    return configuration;
  }

  #refusal(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof FunctionNotFoundError) {
      const arn = functionArn(this.#context, error.functionName);
      return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, {
        httpStatus: 404,
      });
    }
    if (error instanceof ThrottledError) {
      return new AwsError('TooManyRequestsException', error.message, { httpStatus: 429 });
    }
    if (error instanceof PayloadTooLargeError) {
      return new AwsError('RequestTooLargeException', error.message, { httpStatus: 413 });
    }
    throw error;
  }
}

const json = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });

/** The segments of the path, decoded. */
function pathOf({ path }: AwsRequest): string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new AwsError('ValidationException', `The path ${path} is not well-formed`);
  }
}

function headerOf(request: AwsRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** @throws AwsError InvalidRequestContentException */
function clientContextOf(request: AwsRequest): unknown {
  const header = headerOf(request, 'x-amz-client-context');
  if (header === undefined) return undefined;
  const clientContext = parseJson(Buffer.from(header, 'base64').toString('utf8'));
  if (clientContext !== undefined) return clientContext;
  throw new AwsError(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
  );
}

/** The event as JSON text; an empty body is an empty object, as on AWS. */
function payloadOf(request: AwsRequest): string {
  const text = request.body.toString('utf8');
  if (text === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error instanceof Error ? error.message : ''}`,
    );
  }
  return text;
}

/**
 * A function as Lambda's API shows it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
function describeConfiguration(
  context: LocalContext,
  configuration: FunctionConfiguration,
): object {
  const { deadLetterTargetArn, loggingConfig, role } = configuration;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: functionArn(context, configuration.functionName),
    Runtime: runtimeOf(configuration).name,
    Handler: configuration.handler,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: configuration.environment },
    LoggingConfig: {
      LogFormat: loggingConfig?.logFormat ?? 'Text',
      ApplicationLogLevel: loggingConfig?.applicationLogLevel,
      SystemLogLevel: loggingConfig?.systemLogLevel,
      LogGroup: logGroupOf(configuration),
    },
    ...(role === undefined ? {} : { Role: role }),
    ...(deadLetterTargetArn === undefined
      ? {}
      : { DeadLetterConfig: { TargetArn: deadLetterTargetArn } }),
  };
}
