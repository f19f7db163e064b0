import type { ActivityStream } from 'template-runtime/activity';
import { AwsRequestCount } from './aws-requests.ts';
import type { Work, WorkDone } from './operations.ts';

/** Counts what the system does from now on. */
export class WorkCount {
  readonly #requests = new AwsRequestCount();
  readonly #stop: () => void;
  #invocations = 0;
  #sent = 0;
  #receives = 0;
  #received = 0;
  #published = 0;
  #publishedFifo = 0;
  #timelineEntries = 0;

  constructor(activity: ActivityStream) {
    this.#stop = activity.subscribe((happened) => {
      if (happened.type === 'function-invoked') this.#invocations += 1;
      if (happened.type === 'message-sent') this.#sent += 1;
      if (happened.type === 'messages-received') {
        this.#receives += 1;
        this.#received += happened.messageIds.length;
      }
      if (happened.type === 'message-published') {
        if (happened.topic.endsWith('.fifo')) this.#publishedFifo += 1;
        else this.#published += 1;
      }
      if (happened.type === 'item-written' && happened.table.endsWith('-OrderTimelineTable')) {
        this.#timelineEntries += 1;
      }
    });
  }

  /** Signed requests by service and operation, and Lambda invocations. */
  get requests(): ReadonlyMap<string, number> {
    return new Map([...this.#requests.byOperation, ['Lambda invocations', this.#invocations]]);
  }

  /**
   * The same by operation of an emulator, with the messages or items. Event source mappings receive
   * within the process, so that a receive is no request there. Of DynamoDB it counts what came
   * through the endpoint.
   */
  get work(): WorkDone {
    const of = (operation: string): number => this.#requests.byOperation.get(operation) ?? 0;
    const single = of('SQS SendMessage');
    // Each event goes to both topics, in batches of the same size.
    const publishes = of('SNS') / 2;
    const work: WorkDone = {
      'sqs-send': each(single),
      'sqs-send-fifo': { items: this.#sent - single, requests: of('SQS SendMessageBatch') },
      'sqs-receive-delete': { items: this.#received, requests: this.#receives },
      'sns-publish': { items: this.#published, requests: publishes },
      'sns-publish-fifo': { items: this.#publishedFifo, requests: publishes },
      'dynamodb-put': each(of('DynamoDB PutItem')),
      'dynamodb-update': each(of('DynamoDB UpdateItem')),
      'dynamodb-get': each(of('DynamoDB GetItem')),
      'dynamodb-batch-write': {
        items: this.#timelineEntries,
        requests: of('DynamoDB BatchWriteItem'),
      },
    };
    return Object.fromEntries(Object.entries(work).filter(([, { requests }]) => requests > 0));
  }

  close(): void {
    this.#stop();
    this.#requests.close();
  }
}

/** One message or item per request. */
const each = (requests: number): Work => ({ items: requests, requests });
