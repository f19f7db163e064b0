import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../context/clock.ts';
import type { Collection, Storage } from '../../storage/storage.ts';
import { selfSignedCertificate } from './certificate.ts';
import { bodyFor, type PublishedMessage } from '../model/message.ts';

/**
 * Short for a key, because a signature of 2048 bits takes 0.33 ms and would bound what a topic can
 * publish; this one takes 0.11 ms and protects nothing but messages on this machine.
 */
const KEY_BITS = 1024;

const signingKeySchema = z.object({
  /** PKCS #8 and X.509, both as PEM. */
  privateKey: z.string(),
  certificate: z.string(),
});

interface SigningKey {
  privateKey: KeyObject;
  certificate: string;
  /** Names the certificate in SigningCertURL. */
  fingerprint: string;
}

const STORAGE_KEY = 'current';
const LIFETIME_YEARS = 10;

/**
 * Signs notifications with an RSA key that is made when it is first needed. The key is kept with the
 * other data, so that a notification that waited in a queue over a restart can still be verified.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export class MessageSigner {
  readonly #stored: Collection<z.infer<typeof signingKeySchema>>;
  readonly #clock: Clock;
  #key: SigningKey | undefined;
  readonly #signatures = new WeakMap<PublishedMessage, Map<string, string>>();

  constructor(storage: Storage, clock: Clock) {
    this.#clock = clock;
    this.#stored = storage.collection('sns-signing-key', (json) => signingKeySchema.parse(json));
    const [kept] = this.#stored.load();
    if (kept) this.#key = signingKey(kept.value);
  }

  /** The signature in base64. A message that many subscriptions receive is signed once. */
  sign(message: PublishedMessage, protocol: string): string {
    const body = bodyFor(message, protocol);
    const signatures = this.#signatures.get(message) ?? new Map<string, string>();
    this.#signatures.set(message, signatures);
    const known = signatures.get(body);
    if (known !== undefined) return known;
    const signature = this.signText(stringToSign(message, body), message.signatureVersion);
    signatures.set(body, signature);
    return signature;
  }

  /** Signs with SHA1 (version 1) or SHA256 (version 2). */
  signText(text: string, version: PublishedMessage['signatureVersion']): string {
    const algorithm = version === '2' ? 'RSA-SHA256' : 'RSA-SHA1';
    return sign(algorithm, Buffer.from(text), this.#signingKey().privateKey).toString('base64');
  }

  /** What receivers verify signatures with, as PEM. */
  get certificate(): string {
    return this.#signingKey().certificate;
  }

  get certificateName(): string {
    return `SimpleNotificationService-${this.#signingKey().fingerprint}.pem`;
  }

  #signingKey(): SigningKey {
    if (this.#key) return this.#key;
    const pair = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
    const notBefore = new Date(this.#clock.now());
    const notAfter = new Date(notBefore);
    notAfter.setUTCFullYear(notBefore.getUTCFullYear() + LIFETIME_YEARS);
    const commonName = 'sns.amazonaws.com';
    const certificate = selfSignedCertificate({ ...pair, commonName, notBefore, notAfter });
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    this.#stored.put(STORAGE_KEY, { privateKey, certificate });
    this.#key = signingKey({ privateKey, certificate });
    return this.#key;
  }
}

const signingKey = ({ privateKey, certificate }: z.infer<typeof signingKeySchema>): SigningKey => ({
  privateKey: createPrivateKey(privateKey),
  certificate,
  fingerprint: createHash('sha256').update(certificate).digest('hex').slice(0, 32),
});

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
