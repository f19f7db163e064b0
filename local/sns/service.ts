import type { ServerResponse } from 'node:http';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { Caller } from '../endpoint/caller.ts';
import { parseQuery, queryString, writeXml, writeXmlError } from '../endpoint/query-protocol.ts';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { QueueDirectory } from '../sqs/queue.ts';
import { DeadLetters } from './delivery/dead-letters.ts';
import { DeliveryAttempts } from './delivery/delivery-attempt.ts';
import { DeliveryLanes } from './delivery/delivery-lanes.ts';
import { HttpDelivery } from './delivery/http-delivery.ts';
import { MessageSigner } from './delivery/message-signer.ts';
import { NotificationWriter } from './delivery/notification.ts';
import { Protocols } from './delivery/protocols.ts';
import { QueueSender } from './delivery/queue-sender.ts';
import type { MessageInput } from './model/message.ts';
import { Deduplication } from './model/deduplication.ts';
import { Publisher, type PublishResult } from './model/publisher.ts';
import {
  SubscriptionCommands,
  type SubscriptionDefinition,
} from './model/subscription-commands.ts';
import { TopicRegistry } from './model/topic-registry.ts';
import type { Action } from './requests/action.ts';
import { publishActions } from './requests/publishing.ts';
import { subscriptionActions } from './requests/subscriptions.ts';
import { permissionActions, tagActions } from './requests/tags-and-permissions.ts';
import { createTopic, replaceTopic, setTopicAttributes, topicActions } from './requests/topics.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** Where topics deliver to. */
export interface SnsTargets {
  queues: QueueDirectory;
  functions: FunctionInvoker;
}

export interface SnsOptions {
  /** The message attribute that tells what a message is about; see `Activity`. */
  subjectAttribute?: string;
}

/**
 * Amazon SNS: standard and FIFO topics that deliver to queues, functions and HTTP(S) endpoints.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/
 */
export class SnsService implements AwsService {
  readonly #context: LocalContext;
  readonly #registry: TopicRegistry;
  readonly #signer: MessageSigner;
  readonly #http: HttpDelivery;
  readonly #lanes: DeliveryLanes;
  readonly #publisher: Publisher;
  readonly #commands: SubscriptionCommands;
  readonly #actions: ReadonlyMap<string, Action>;

  /** Loads what storage holds and goes on with the deliveries of an earlier run. */
  constructor(context: LocalContext, targets: SnsTargets, options: SnsOptions = {}) {
    const { accountId } = context;
    const signer = new MessageSigner(context.storage, context.clock);
    const notifications = new NotificationWriter(signer, context);
    const queueSender = new QueueSender(targets.queues, notifications, accountId);
    const { functions } = targets;
    const registry = new TopicRegistry(context);
    const topicPolicy = (topicArn: string): string | undefined =>
      registry.find(topicArn)?.record.attributes['DeliveryPolicy'];
    const http = new HttpDelivery({ context, notifications, topicPolicy });
    const protocols = new Protocols({ queueSender, functions, notifications, http });
    const deadLetters = new DeadLetters(context.activity, queueSender);
    const attempts = new DeliveryAttempts(context, { registry, protocols, deadLetters });
    this.#context = context;
    this.#registry = registry;
    this.#signer = signer;
    this.#http = http;
    this.#lanes = new DeliveryLanes(context, attempts);
    const deduplication = new Deduplication(context);
    const parts = { lanes: this.#lanes, protocols, deduplication };
    this.#publisher = new Publisher(context, parts, options.subjectAttribute);
    this.#commands = new SubscriptionCommands(context, { registry, protocols, http });
    this.#actions = new Map(
      Object.entries({
        ...topicActions(registry, deduplication, accountId),
        ...subscriptionActions(registry, this.#commands, accountId),
        ...publishActions(registry, this.#publisher),
        ...tagActions(registry),
        ...permissionActions(registry, accountId),
      }),
    );
    this.#lanes.resume();
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    if (request.path.endsWith('.pem')) {
      this.#answerCertificate(request, response);
      return;
    }
    const parameters = parseQuery(request);
    const action = queryString(parameters, 'Action') ?? '';
    try {
      const perform = this.#actions.get(action);
      if (!perform) {
        throw new AwsError('InvalidAction', `The action ${action} is not valid for this endpoint.`);
      }
      const result = await perform(parameters, request.caller);
      await this.#context.storage.flushed();
      writeXml(response, request, { action, namespace: NAMESPACE, result });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      writeXmlError(response, request, error, { namespace: NAMESPACE, detail: false });
    }
  }

  /** What SigningCertURL points to. */
  #answerCertificate({ path }: AwsRequest, response: ServerResponse): void {
    if (path === `/${this.#signer.certificateName}`) {
      response.writeHead(200, { 'content-type': 'application/x-pem-file' });
      response.end(this.#signer.certificate);
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('No notification is signed with the key of this certificate.\n');
  }

  /**
   * Creates a topic, or gives the one of this name exactly these attributes and tags.
   *
   * @throws AwsError
   */
  async ensureTopic(
    name: string,
    attributes: Record<string, string>,
    tags: Record<string, string> = {},
  ): Promise<{ arn: string }> {
    const { accountId, storage } = this.#context;
    const existing = this.#registry.find(this.#registry.arnOf(name));
    const { record } = existing
      ? replaceTopic(this.#registry, existing, { name, attributes, tags })
      : createTopic(this.#registry, { name, attributes, tags }, accountId);
    await storage.flushed();
    return { arn: record.arn };
  }

  /** Changes these attributes of a topic and no others. @throws AwsError as SetTopicAttributes does */
  async setTopicAttributes(arn: string, attributes: Record<string, string>): Promise<void> {
    setTopicAttributes(this.#registry, this.#registry.topic(arn), attributes);
    await this.#context.storage.flushed();
  }

  /** Deletes a topic with its subscriptions; one that does not exist is no error. */
  async deleteTopic(arn: string): Promise<void> {
    this.#registry.deleteTopic(arn);
    await this.#context.storage.flushed();
  }

  /** Ends a subscription; one that does not exist is no error. */
  async unsubscribe(arn: string): Promise<void> {
    this.#registry.unsubscribe(arn);
    await this.#context.storage.flushed();
  }

  /**
   * Subscribes an endpoint, or gives its subscription exactly these attributes.
   *
   * @throws AwsError
   */
  async ensureSubscription(
    definition: SubscriptionDefinition & { topicArn: string; protocol: string; endpoint: string },
  ): Promise<{ arn: string }> {
    const { topicArn, protocol, endpoint, attributes } = definition;
    const existing = [...this.#registry.topic(topicArn).subscriptions.values()].find(
      ({ record }) => record.protocol === protocol && record.endpoint === endpoint,
    );
    const subscription = existing
      ? this.#commands.replaceAttributes(existing, attributes)
      : this.#commands.subscribe(definition);
    await this.#context.storage.flushed();
    return { arn: subscription.arn };
  }

  /**
   * Publishes on behalf of another emulated service.
   *
   * @throws AwsError as Publish does
   */
  async publish(
    { topicArn, ...input }: MessageInput & { topicArn: string },
    sender: Caller,
  ): Promise<PublishResult> {
    return this.#publisher.publish(this.#registry.topic(topicArn), input, sender);
  }

  /** Stops retrying; what waits stays in storage. */
  async close(): Promise<void> {
    this.#lanes.close();
    this.#http.close();
    await this.#context.storage.flushed();
  }
}
