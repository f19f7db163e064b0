import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue as a program sees it that sends and pulls with the AWS SDK. */
export class Queue {
  readonly #client: SQSClient;
  readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.url = url;
  }

  /** @param fifo the message group, and what tells a repetition, for a FIFO queue */
  async send(body: string, fifo?: { group: string; deduplicationId: string }): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.url,
        MessageBody: body,
        ...(fifo && { MessageGroupId: fifo.group, MessageDeduplicationId: fifo.deduplicationId }),
      }),
    );
  }

  /** @param waitSeconds the queue's own wait time unless given */
  async receive(options: { atMost?: number; waitSeconds?: number } = {}): Promise<Message[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: options.atMost ?? 1,
        WaitTimeSeconds: options.waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  async delete({ ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }

  /** Hides a received message for that long from now on. */
  async hideFor(seconds: number, { ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.url,
        ReceiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }

  /** How many messages wait, and how many are in flight: received and not deleted. */
  async depth(): Promise<{ waiting: number; inFlight: number }> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return {
      waiting: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }
}

export const receiveCount = (message: Message | undefined): number =>
  Number(message?.Attributes?.ApproximateReceiveCount ?? 0);
