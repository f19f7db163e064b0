import type { ServerResponse } from 'node:http';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import {
  isJsonProtocol,
  jsonAction,
  writeJson,
  writeJsonError,
} from '../endpoint/json-protocol.ts';
import { parseQuery, queryString, writeXml, writeXmlError } from '../endpoint/query-protocol.ts';
import type { LocalContext } from '../context/local-context.ts';
import { StorageWriteError } from '../storage/errors.ts';
import { internalFailure, malformedRequest, queueDoesNotExist, unknownAction } from './errors.ts';
import { MoveTasks } from './model/move-tasks.ts';
import { QueueRegistry } from './model/queue-registry.ts';
import { QueueStorage } from './model/queue-storage.ts';
import type { Queue, QueueDirectory } from './queue.ts';
import type { Action } from './requests/action.ts';
import { attributeActions, permissionActions, tagActions } from './requests/attributes.ts';
import { moveTaskActions } from './requests/move-tasks.ts';
import { toJsonInput, toQueryOutput } from './requests/query-protocol.ts';
import { queueActions } from './requests/queues.ts';
import { acknowledgeActions, receiveActions } from './requests/receiving.ts';
import { sendActions } from './requests/sending.ts';

const JSON_NAMESPACE = 'com.amazonaws.sqs';
const XML_NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';

const ACTIONS: Record<string, Action> = {
  ...queueActions,
  ...attributeActions,
  ...tagActions,
  ...permissionActions,
  ...sendActions,
  ...receiveActions,
  ...acknowledgeActions,
  ...moveTaskActions,
};

export interface SqsOptions {
  /** The message attribute that says what a message is about; see `Activity`. */
  subjectAttribute?: string | undefined;
}

/**
 * Amazon SQS in this process, in both of its protocols (JSON and query). State is held in memory
 * and written through the storage; a request that changed something is answered once its change
 * would survive the end of this process.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
export class SqsService implements AwsService, QueueDirectory {
  readonly #storage: QueueStorage;
  readonly #registry: QueueRegistry;
  readonly #moveTasks: MoveTasks;

  constructor(context: LocalContext, options: SqsOptions) {
    this.#storage = new QueueStorage(context.storage);
    this.#registry = new QueueRegistry(context, this.#storage, options);
    this.#moveTasks = new MoveTasks(this.#registry);
  }

  /**
   * Creates the queue, or gives the existing one exactly these attributes and tags. `FifoQueue`
   * may be `false`.
   *
   * @throws AwsError as CreateQueue and SetQueueAttributes do
   */
  async ensureQueue(
    name: string,
    attributes: Record<string, string>,
    tags: Record<string, string> = {},
  ): Promise<Queue> {
    const queue = this.#registry.ensure(name, attributes, tags);
    await this.#storage.flushed();
    return queue;
  }

  /** Changes these attributes of a queue and no others. @throws AwsError as SetQueueAttributes does */
  async setQueueAttributes(name: string, attributes: Record<string, string>): Promise<void> {
    const queue = this.#registry.queueByName(name);
    if (!queue) throw queueDoesNotExist();
    this.#registry.setAttributes(queue, attributes);
    await this.#storage.flushed();
  }

  /** Deletes a queue with its messages; one that does not exist is no error. */
  async deleteQueue(url: string): Promise<void> {
    const queue = this.#registry.queueByUrl(url);
    if (queue) this.#registry.delete(queue);
    await this.#storage.flushed();
  }

  queueByArn(arn: string): Queue | undefined {
    return this.#registry.queueByArn(arn);
  }

  queueByName(name: string): Queue | undefined {
    return this.#registry.queueByName(name);
  }

  /** Looks at the URL's path alone, whatever its host and port. */
  queueByUrl(url: string): Queue | undefined {
    return this.#registry.queueByUrl(url);
  }

  handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    return isJsonProtocol(request)
      ? this.#handleJson(request, response)
      : this.#handleQuery(request, response);
  }

  /** Ends every long poll with nothing, and all timers. */
  async close(): Promise<void> {
    this.#moveTasks.close();
    this.#registry.close();
    await this.#storage.flushed();
  }

  async #handleJson(request: AwsRequest, response: ServerResponse): Promise<void> {
    try {
      const output = await this.#run(jsonAction(request), parseBody(request), request, response);
      if (!response.destroyed) writeJson(response, request, 200, output);
    } catch (error) {
      writeJsonError(response, request, refusalOf(error), JSON_NAMESPACE);
    }
  }

  async #handleQuery(request: AwsRequest, response: ServerResponse): Promise<void> {
    try {
      const tree = parseQuery(request);
      const action = queryString(tree, 'Action');
      if (action === undefined) {
        response.writeHead(404, { 'content-type': 'text/xml' }).end('<UnknownOperationException/>');
        return;
      }
      if (request.path.length > 1 && NOT_AT_A_QUEUE.has(action)) throw unknownAction(action, true);
      const output = await this.#run(action, toJsonInput(tree, action), request, response);
      const result = toQueryOutput(output, action);
      writeXml(response, request, {
        action,
        namespace: XML_NAMESPACE,
        // Actions without an answer have no result element.
        result: NO_RESULT.has(action) ? undefined : result,
      });
    } catch (error) {
      writeXmlError(response, request, refusalOf(error), { namespace: XML_NAMESPACE });
    }
  }

  async #run(
    name: string,
    input: unknown,
    request: AwsRequest,
    response: ServerResponse,
  ): Promise<object> {
    const protocol = isJsonProtocol(request) ? 'json' : 'query';
    const run = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!run) throw unknownAction(name, protocol === 'query');
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    response.once('close', leave);
    try {
      const output = await run(input, {
        registry: this.#registry,
        moveTasks: this.#moveTasks,
        caller: request.caller,
        protocol,
        path: request.path,
        signal: leaving.signal,
      });
      await this.#storage.flushed();
      return output;
    } finally {
      response.off('close', leave);
    }
  }
}

/** What the query protocol refuses at the path of a queue. */
const NOT_AT_A_QUEUE = new Set(['CreateQueue', 'ListQueues']);

const NO_RESULT = new Set([
  'DeleteQueue',
  'PurgeQueue',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
  'AddPermission',
  'RemovePermission',
  'DeleteMessage',
  'ChangeMessageVisibility',
]);

/** What a failure tells the client; one that no client can do anything about is thrown on. */
function refusalOf(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof StorageWriteError) return internalFailure(error.message);
  throw error;
}

/** @throws AwsError SerializationException */
function parseBody(request: AwsRequest): unknown {
  if (request.body.length === 0) return {};
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedRequest(error.message);
    throw error;
  }
}
