import { randomUUID } from 'node:crypto';
import type { LocalContext } from '../../context/local-context.ts';
import type { Collection } from '../../storage/storage.ts';
import { invalidParameter, notFound } from '../errors.ts';
import { Subscription, type SubscriptionRecord, subscriptionRecordSchema } from './subscription.ts';
import { type Topic, type TopicRecord, topicRecordSchema } from './topic.ts';

/** Every topic and subscription, in memory and in storage. */
export class TopicRegistry {
  readonly #context: LocalContext;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #storedTopics: Collection<TopicRecord>;
  readonly #storedSubscriptions: Collection<SubscriptionRecord>;

  constructor(context: LocalContext) {
    this.#context = context;
    const { storage } = context;
    this.#storedTopics = storage.collection('sns-topics', (json) => topicRecordSchema.parse(json));
    this.#storedSubscriptions = storage.collection('sns-subscriptions', (json) =>
      subscriptionRecordSchema.parse(json),
    );
    for (const { value } of this.#storedTopics.load()) this.#keepTopic(value);
    for (const { value } of this.#storedSubscriptions.load()) this.#keep(new Subscription(value));
  }

  /** The ARN that a topic of this name has. */
  arnOf(name: string): string {
    const { region, accountId } = this.#context;
    return `arn:aws:sns:${region}:${accountId}:${name}`;
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** @throws AwsError InvalidParameter, NotFound */
  topic(arn: string | undefined): Topic {
    const topic = this.#topics.get(checkedArn(arn, 'TopicArn'));
    if (!topic) throw notFound('Topic');
    return topic;
  }

  topics(): Topic[] {
    return [...this.#topics.values()];
  }

  saveTopic(record: TopicRecord): Topic {
    this.#storedTopics.put(record.arn, record);
    return this.#keepTopic(record);
  }

  /** Removes a topic with its subscriptions; one that does not exist is no error. */
  deleteTopic(arn: string): void {
    const topic = this.#topics.get(arn);
    if (!topic) return;
    for (const subscriptionArn of topic.subscriptions.keys()) this.#forget(subscriptionArn);
    this.#topics.delete(arn);
    this.#storedTopics.delete(arn);
  }

  findSubscription(arn: string): Subscription | undefined {
    return this.#subscriptions.get(arn);
  }

  /** @throws AwsError InvalidParameter, NotFound */
  subscription(arn: string | undefined): Subscription {
    const subscription = this.#subscriptions.get(checkedArn(arn, 'SubscriptionArn'));
    if (!subscription) throw notFound('Subscription');
    return subscription;
  }

  subscriptions(): Subscription[] {
    return [...this.#subscriptions.values()];
  }

  newSubscriptionArn(topic: Topic): string {
    return `${topic.record.arn}:${randomUUID()}`;
  }

  saveSubscription(subscription: Subscription): void {
    this.#storedSubscriptions.put(subscription.arn, subscription.record);
    this.#keep(subscription);
  }

  /**
   * One that does not exist is no error.
   *
   * @returns the subscription that ended
   * @throws AwsError InvalidParameter for an ARN that no subscription of this account and region has
   */
  unsubscribe(arn: string | undefined): Subscription | undefined {
    const checked = checkedArn(arn, 'SubscriptionArn');
    const elements = checked.split(':');
    if (!checked.startsWith(this.arnOf(''))) throw invalidParameter('SubscriptionArn');
    if (elements.length === TOPIC_ARN_ELEMENTS) throw invalidParameter('SubscriptionId');
    const subscription = this.#subscriptions.get(checked);
    if (!subscription) return undefined;
    const topic = this.#topics.get(subscription.record.topicArn);
    topic?.subscriptions.delete(subscription.arn);
    this.#forget(subscription.arn);
    if (topic) {
      const subscriptionsDeleted = topic.record.subscriptionsDeleted + 1;
      this.saveTopic({ ...topic.record, subscriptionsDeleted });
    }
    return subscription;
  }

  #keepTopic(record: TopicRecord): Topic {
    const subscriptions = this.#topics.get(record.arn)?.subscriptions ?? new Map();
    const topic = { record, subscriptions };
    this.#topics.set(record.arn, topic);
    return topic;
  }

  #keep(subscription: Subscription): void {
    this.#subscriptions.set(subscription.arn, subscription);
    this.#topics
      .get(subscription.record.topicArn)
      ?.subscriptions.set(subscription.arn, subscription);
  }

  #forget(arn: string): void {
    this.#subscriptions.delete(arn);
    this.#storedSubscriptions.delete(arn);
  }
}

const TOPIC_ARN_ELEMENTS = 6;

function checkedArn(arn: string | undefined, parameter: string): string {
  if (arn === undefined || arn === '') throw invalidParameter(parameter);
  const elements = arn.split(':').length;
  if (elements < TOPIC_ARN_ELEMENTS) {
    throw invalidParameter(
      `${parameter} Reason: An ARN must have at least ${TOPIC_ARN_ELEMENTS} elements, not ${elements}`,
    );
  }
  return arn;
}
