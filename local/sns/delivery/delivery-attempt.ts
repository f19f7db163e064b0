import type { LocalContext } from '../../context/local-context.ts';
import type { PublishedMessage } from '../model/message.ts';
import type { TopicRegistry } from '../model/topic-registry.ts';
import type { DeadLetters } from './dead-letters.ts';
import { EndpointRefusal } from './delivery-protocol.ts';
import type { Protocols } from './protocols.ts';

/** A message on its way to one subscription. */
export interface Delivery {
  /** Unique, also across restarts. */
  readonly id: string;
  readonly subscriptionArn: string;
  readonly message: PublishedMessage;
  /** How many attempts were made. */
  attempts: number;
  /** When the next attempt is due (`Clock.monotonic`); 0 before the first. */
  dueAt: number;
  /** How long the next attempt was to wait when the last one failed, in milliseconds. */
  waitMs: number;
}

export interface AttemptTargets {
  registry: TopicRegistry;
  protocols: Protocols;
  deadLetters: DeadLetters;
}

/** Makes attempts to deliver and tells what came of them. */
export class DeliveryAttempts {
  readonly #context: LocalContext;
  readonly #targets: AttemptTargets;

  constructor(context: LocalContext, targets: AttemptTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** Resolves with `retry` when another attempt is due at `delivery.dueAt`. */
  async make(delivery: Delivery): Promise<'done' | 'retry'> {
    const { activity, clock } = this.#context;
    const { message } = delivery;
    const subscription = this.#targets.registry.findSubscription(delivery.subscriptionArn);
    // The subscription was deleted while a retry was due.
    if (!subscription) return 'done';
    const { protocol: protocolName, endpoint: address } = subscription.record;
    const protocol = this.#targets.protocols.get(protocolName);
    const attempt = delivery.attempts + 1;
    const endpoint = protocol.nameOf(address);
    const hop = {
      topic: message.topicName,
      protocol: protocolName,
      endpoint,
      messageId: message.messageId,
      ...(message.subject === undefined ? {} : { subject: message.subject }),
      attempt,
    };
    try {
      await protocol.deliver(message, subscription);
      activity.record({ type: 'message-delivered', ...hop });
      return 'done';
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const delay =
        error instanceof EndpointRefusal ? undefined : protocol.retryDelay(attempt, subscription);
      activity.record({ type: 'delivery-failed', ...hop, final: delay === undefined, reason });
      if (delay === undefined) {
        await this.#targets.deadLetters.take({ message, subscription, endpoint, attempt, reason });
        return 'done';
      }
      delivery.attempts = attempt;
      delivery.dueAt = clock.monotonic() + delay;
      delivery.waitMs = delay;
      return 'retry';
    }
  }
}
