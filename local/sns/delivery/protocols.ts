import type { FunctionInvoker } from '../../lambda/model/function-invoker.ts';
import type { NotificationWriter } from '../notification.ts';
import { invalidParameter } from '../sns-errors.ts';
import type { DeliveryProtocol } from './delivery-protocol.ts';
import { lambdaDelivery } from './lambda-delivery.ts';
import type { QueueSender } from './queue-sender.ts';
import { sqsDelivery } from './sqs-delivery.ts';

/** Protocols of SNS that have no file in this folder yet. */
const NOT_DELIVERED = ['http', 'https', 'email', 'email-json', 'sms', 'application', 'firehose'];

export interface ProtocolTargets {
  queueSender: QueueSender;
  functions: FunctionInvoker;
  notifications: NotificationWriter;
}

/** The protocols that the local runtime delivers by. */
export class Protocols {
  readonly #byName: ReadonlyMap<string, DeliveryProtocol>;

  constructor({ queueSender, functions, notifications }: ProtocolTargets) {
    this.#byName = new Map([
      ['sqs', sqsDelivery(queueSender)],
      ['lambda', lambdaDelivery(functions, notifications)],
    ]);
  }

  /** @throws AwsError InvalidParameter */
  get(name: string | undefined): DeliveryProtocol {
    const protocol = this.#byName.get(name ?? '');
    if (protocol) return protocol;
    if (name !== undefined && NOT_DELIVERED.includes(name)) {
      throw invalidParameter(
        `Protocol Reason: the local runtime does not deliver by ${name} yet; it delivers by ${[...this.#byName.keys()].join(' and ')}`,
      );
    }
    throw invalidParameter(`Amazon SNS does not support this protocol string: ${name ?? ''}`);
  }
}
