import type { LocalContext } from '../../context/local-context.ts';
import { bodyFor, type PublishedMessage } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import { type MessageSigner, timestampOf } from './message-signer.ts';

export interface Confirmation {
  type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  messageId: string;
  subscription: Subscription;
  token: string;
}

/** Writes what subscribers receive unless they ask for raw messages. */
export class NotificationWriter {
  readonly #signer: MessageSigner;
  readonly #endpoint: () => string;
  readonly #now: () => number;

  constructor(signer: MessageSigner, { endpoint, clock }: LocalContext) {
    this.#signer = signer;
    this.#endpoint = endpoint;
    this.#now = () => clock.now();
  }

  /**
   * The JSON document that queues receive, laid out as SNS does. A FIFO topic's carry a sequence
   * number and no signature.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
   */
  document(message: PublishedMessage, subscription: Subscription): string {
    const { protocol } = subscription.record;
    const members: [string, string][] = [
      ['Type', 'Notification'],
      ['MessageId', message.messageId],
    ];
    if (message.sequenceNumber !== undefined) {
      members.push(['SequenceNumber', message.sequenceNumber]);
    }
    members.push(['TopicArn', message.topicArn]);
    if (message.subjectLine !== undefined) members.push(['Subject', message.subjectLine]);
    members.push(['Message', bodyFor(message, protocol)], ['Timestamp', timestampOf(message)]);
    if (!message.fifo) {
      members.push(
        ['SignatureVersion', message.signatureVersion],
        ['Signature', this.#signer.sign(message, protocol)],
        ['SigningCertURL', this.#certificateUrl()],
      );
    }
    members.push(['UnsubscribeURL', this.#unsubscribeUrl(subscription)]);
    const lines = members.map(([name, value]) => `  "${name}" : ${JSON.stringify(value)}`);
    const attributes = Object.entries(attributesOf(message)).map(
      ([name, attribute]) => `    ${JSON.stringify(name)} : ${JSON.stringify(attribute)}`,
    );
    if (attributes.length > 0) {
      lines.push(`  "MessageAttributes" : {\n${attributes.join(',\n')}\n  }`);
    }
    return `{\n${lines.join(',\n')}\n}`;
  }

  /**
   * What an HTTP endpoint receives when it was subscribed or unsubscribed: SubscribeURL, or the
   * token with ConfirmSubscription, makes the subscription stand.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
   */
  confirmation({ type, messageId, subscription, token }: Confirmation): string {
    const { topicArn } = subscription.record;
    const text =
      type === 'SubscriptionConfirmation'
        ? `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`
        : `You have chosen to deactivate subscription ${subscription.arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`;
    const query = new URLSearchParams({
      Action: 'ConfirmSubscription',
      TopicArn: topicArn,
      Token: token,
    });
    const signed = {
      Message: text,
      MessageId: messageId,
      SubscribeURL: `${this.#endpoint()}/?${query.toString()}`,
      Timestamp: new Date(this.#now()).toISOString(),
      Token: token,
      TopicArn: topicArn,
      Type: type,
    };
    const stringToSign = Object.entries(signed).map(([name, value]) => `${name}\n${value}\n`);
    const { Type, MessageId, Token, TopicArn, Message, SubscribeURL, Timestamp } = signed;
    return JSON.stringify(
      {
        Type,
        MessageId,
        Token,
        TopicArn,
        Message,
        SubscribeURL,
        Timestamp,
        SignatureVersion: '1',
        Signature: this.#signer.signText(stringToSign.join(''), '1'),
        SigningCertURL: this.#certificateUrl(),
      },
      undefined,
      2,
    );
  }

  /**
   * The event that functions receive, as JSON.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
   */
  event(message: PublishedMessage, subscription: Subscription): string {
    const { protocol } = subscription.record;
    const record = {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscription.arn,
      Sns: {
        Type: 'Notification',
        MessageId: message.messageId,
        TopicArn: message.topicArn,
        Subject: message.subjectLine ?? null,
        Message: bodyFor(message, protocol),
        Timestamp: timestampOf(message),
        SignatureVersion: message.signatureVersion,
        Signature: this.#signer.sign(message, protocol),
        SigningCertUrl: this.#certificateUrl(),
        UnsubscribeUrl: this.#unsubscribeUrl(subscription),
        MessageAttributes: attributesOf(message),
      },
    };
    return JSON.stringify({ Records: [record] });
  }

  #certificateUrl(): string {
    return `${this.#endpoint()}/${this.#signer.certificateName}`;
  }

  #unsubscribeUrl({ arn }: Subscription): string {
    return `${this.#endpoint()}/?Action=Unsubscribe&SubscriptionArn=${arn}`;
  }
}

function attributesOf(message: PublishedMessage): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(message.attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { Type: dataType, Value: stringValue ?? binaryValue ?? '' },
    ]),
  );
}
