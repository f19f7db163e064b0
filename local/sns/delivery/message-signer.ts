import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bodyFor, type PublishedMessage } from '../model/message.ts';

/**
 * Short for a key, because a signature of 2048 bits takes 0.33 ms and would bound what a topic can
 * publish; this one takes 0.11 ms and protects nothing but messages on this machine.
 */
const KEY_BITS = 1024;

interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** Names the key in SigningCertURL. */
  fingerprint: string;
}

/**
 * Signs notifications with an RSA key that is made when it is first needed and lives as long as
 * the process.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export class MessageSigner {
  #key: SigningKey | undefined;
  readonly #signatures = new WeakMap<PublishedMessage, Map<string, string>>();

  /** The signature in base64. A message that many subscriptions receive is signed once. */
  sign(message: PublishedMessage, protocol: string): string {
    const body = bodyFor(message, protocol);
    const signatures = this.#signatures.get(message) ?? new Map<string, string>();
    this.#signatures.set(message, signatures);
    const known = signatures.get(body);
    if (known !== undefined) return known;
    const algorithm = message.signatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
    const text = Buffer.from(stringToSign(message, body));
    const signature = sign(algorithm, text, this.#signingKey().privateKey).toString('base64');
    signatures.set(body, signature);
    return signature;
  }

  /** What a receiver verifies signatures with. */
  get publicKey(): KeyObject {
    return this.#signingKey().publicKey;
  }

  get certificateName(): string {
    return `SimpleNotificationService-${this.#signingKey().fingerprint}.pem`;
  }

  #signingKey(): SigningKey {
    if (!this.#key) {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
      const encoded = publicKey.export({ type: 'spki', format: 'der' });
      const fingerprint = createHash('sha256').update(encoded).digest('hex').slice(0, 32);
      this.#key = { privateKey, publicKey, fingerprint };
    }
    return this.#key;
  }
}

/** The signed members of a notification, each name and value on a line of its own. */
export function stringToSign(message: PublishedMessage, body: string): string {
  const members = [
    ['Message', body],
    ['MessageId', message.messageId],
    ...(message.subjectLine === undefined ? [] : [['Subject', message.subjectLine]]),
    ['Timestamp', timestampOf(message)],
    ['TopicArn', message.topicArn],
    ['Type', 'Notification'],
  ];
  return members.map(([name, value]) => `${name}\n${value}\n`).join('');
}

export const timestampOf = (message: PublishedMessage): string =>
  new Date(message.publishedAt).toISOString();
