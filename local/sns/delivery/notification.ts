import { bodyFor, type PublishedMessage } from '../model/message.ts';
import type { Subscription } from '../model/subscription.ts';
import { type MessageSigner, timestampOf } from './message-signer.ts';

/** Writes what subscribers receive unless they ask for raw messages. */
export class NotificationWriter {
  readonly #signer: MessageSigner;
  readonly #endpoint: () => string;

  constructor(signer: MessageSigner, endpoint: () => string) {
    this.#signer = signer;
    this.#endpoint = endpoint;
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
