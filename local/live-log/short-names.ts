/**
 * Shortens the names of deployed resources for a reader: `order-messaging-dev-FraudQueue.fifo` to
 * `FraudQueue.fifo`, and an order id to its last characters.
 */
export class ShortNames {
  readonly #prefix: string;

  /** @param prefix what every physical name begins with: `<service>-<stage>-` */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Of a way such as `<topic> → <queue>` every name is shortened. */
  resource(name: string): string {
    return name
      .split(' ')
      .map((word) => (word.startsWith(this.#prefix) ? word.slice(this.#prefix.length) : word))
      .join(' ');
  }

  /** An invocation's source as the runtime words it: `SQS order-messaging-dev-FraudQueue.fifo`. */
  source(source: string): string {
    return this.resource(source).replace(/^(SQS|SNS) (?=\S)/, '');
  }

  /** The end of an id is what tells two ids apart: ULIDs of the same time begin alike. */
  subject(subject: string): string {
    return subject.length > SUBJECT_LENGTH ? `…${subject.slice(1 - SUBJECT_LENGTH)}` : subject;
  }
}

export const SUBJECT_LENGTH = 9;
