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

  resource(name: string): string {
    return name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name;
  }

  /** An invocation's source as the runtime words it: `SQS order-messaging-dev-FraudQueue.fifo`. */
  source(source: string): string {
    return source
      .split(' ')
      .map((word) => this.resource(word))
      .join(' ')
      .replace(/^(SQS|SNS) (?=\S)/, '');
  }

  /** The end of an id is what tells two ids apart: ULIDs of the same time begin alike. */
  subject(subject: string): string {
    return subject.length > SUBJECT_LENGTH ? `…${subject.slice(1 - SUBJECT_LENGTH)}` : subject;
  }
}

export const SUBJECT_LENGTH = 9;
