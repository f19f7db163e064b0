import { AwsError } from '../../endpoint/aws-error.ts';
import type {
  FunctionInvoker,
  Invocation,
  InvocationResult,
} from '../../lambda/model/function-invoker.ts';
import type { OutgoingMessage, Queue, QueueDirectory, QueueSender } from '../../sqs/queue.ts';

/** A queue that keeps what it was sent, and can be told to fail. */
export class RecordingQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds = 30;
  readonly sent: OutgoingMessage[] = [];
  readonly senders: QueueSender[] = [];
  policy: string | undefined;
  /** Thrown by the next sends, one each. */
  failures: Error[] = [];

  constructor(name: string, policy: string | undefined) {
    this.name = name;
    this.arn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
    this.url = `http://127.0.0.1:4566/000000000000/${name}`;
    this.policy = policy;
  }

  get fifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  get bodies(): string[] {
    return this.sent.map(({ body }) => body);
  }

  send(message: OutgoingMessage, sender: QueueSender) {
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.sent.push(message);
    this.senders.push(sender);
    return Promise.resolve({ messageId: String(this.sent.length) });
  }

  receive(): Promise<never> {
    return Promise.reject(new AwsError('Unsupported', 'A recording queue only takes messages'));
  }

  delete(): Promise<never> {
    return this.receive();
  }

  changeVisibility(): Promise<never> {
    return this.receive();
  }
}

/** Lets every topic send. */
export const OPEN_POLICY = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    },
  ],
});

export class RecordingQueues implements QueueDirectory {
  readonly #byArn = new Map<string, RecordingQueue>();

  add(name: string, policy: string | undefined = OPEN_POLICY): RecordingQueue {
    const queue = new RecordingQueue(name, policy);
    this.#byArn.set(queue.arn, queue);
    return queue;
  }

  remove(queue: RecordingQueue): void {
    this.#byArn.delete(queue.arn);
  }

  queueByArn(arn: string): RecordingQueue | undefined {
    return this.#byArn.get(arn);
  }
}

/** Functions that exist by name and keep what they were asynchronously invoked with. */
export class RecordingFunctions implements FunctionInvoker {
  readonly existing = new Set<string>();
  readonly invocations: Invocation[] = [];
  failures: Error[] = [];

  functionExists(functionName: string): boolean {
    return this.existing.has(functionName);
  }

  invoke(): Promise<InvocationResult> {
    return Promise.reject(new AwsError('Unsupported', 'Topics invoke asynchronously'));
  }

  invokeAsync(invocation: Invocation): Promise<{ requestId: string }> {
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.invocations.push(invocation);
    return Promise.resolve({ requestId: String(this.invocations.length) });
  }
}
