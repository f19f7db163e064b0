import * as z from 'zod';
import type { LocalContext } from '../../context/local-context.ts';
import type { MessageAttribute, QueueDirectory } from '../../sqs/queue.ts';
import { DestinationError } from '../errors.ts';
import {
  functionArn,
  functionNameOf,
  type FunctionConfiguration,
} from '../model/function-configuration.ts';
import type { Invocation, InvocationResult } from '../model/function-invoker.ts';
import { invocationRecord, type RecordCondition, type StoredEvent } from './asynchronous-event.ts';

export interface DestinationTargets {
  queues: QueueDirectory;
  /** @param sourceArn the function's ARN */
  publishToTopic?:
    | ((
        topicArn: string,
        message: { body: string; attributes: Record<string, MessageAttribute> },
        sourceArn: string,
      ) => Promise<unknown>)
    | undefined;
  invokeAsync: (invocation: Invocation) => Promise<unknown>;
}

/** How an asynchronous event ended for good. */
export interface FinalOutcome {
  condition: RecordCondition;
  result: InvocationResult | undefined;
}

const errorPayload = z.object({ errorMessage: z.optional(z.string()) });
const ERROR_MESSAGE_LIMIT = 1024;

/**
 * Where an asynchronous event goes when it is done: the record to a destination, and after the last
 * failure the event itself to the dead-letter target.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export class Destinations {
  readonly #context: LocalContext;
  readonly #targets: DestinationTargets;

  constructor(context: LocalContext, targets: DestinationTargets) {
    this.#context = context;
    this.#targets = targets;
  }

  /** @throws DestinationError for a kind of destination that is not there locally */
  check(configuration: FunctionConfiguration): void {
    const { onFailureDestinationArn, onSuccessDestinationArn, deadLetterTargetArn } = configuration;
    for (const arn of [onFailureDestinationArn, onSuccessDestinationArn, deadLetterTargetArn]) {
      if (arn === undefined) continue;
      const service = serviceOf(arn);
      if (service === 'sqs' || (service === 'lambda' && arn !== deadLetterTargetArn)) continue;
      if (service === 'sns' && this.#targets.publishToTopic) continue;
      throw new DestinationError(arn, `${service} takes no records of functions here`);
    }
  }

  /** Resolves when every destination has what it is due; rejects when one did not take it. */
  async deliver(
    configuration: FunctionConfiguration,
    event: StoredEvent,
    { condition, result }: FinalOutcome,
  ): Promise<void> {
    const failed = condition !== 'Success';
    const destination = failed
      ? configuration.onFailureDestinationArn
      : configuration.onSuccessDestinationArn;
    const ownArn = functionArn(this.#context, event.functionName);
    const reason = failureReason(condition, result);
    if (destination !== undefined) {
      const now = this.#context.clock.now();
      const body = invocationRecord(event, { condition, functionArn: ownArn, now, result });
      await this.#send(destination, { body, attributes: {} }, { event, reason, failed });
    }
    if (failed && configuration.deadLetterTargetArn !== undefined) {
      const attributes: Record<string, MessageAttribute> = {
        RequestID: { dataType: 'String', stringValue: event.requestId },
        ErrorCode: { dataType: 'Number', stringValue: String(result?.statusCode ?? 429) },
        ErrorMessage: { dataType: 'String', stringValue: reason.slice(0, ERROR_MESSAGE_LIMIT) },
      };
      const message = { body: event.payload, attributes };
      await this.#send(configuration.deadLetterTargetArn, message, { event, reason, failed });
    }
  }

  async #send(
    arn: string,
    message: { body: string; attributes: Record<string, MessageAttribute> },
    { event, reason, failed }: { event: StoredEvent; reason: string; failed: boolean },
  ): Promise<void> {
    const sourceArn = functionArn(this.#context, event.functionName);
    switch (serviceOf(arn)) {
      case 'sqs': {
        const queue = this.#targets.queues.queueByArn(arn);
        if (!queue) throw new DestinationError(arn, 'the queue does not exist');
        const sender = { kind: 'service', service: 'lambda', sourceArn } as const;
        const { messageId } = await queue.send(message, sender);
        if (!failed) return;
        this.#context.activity.record({
          type: 'message-dead-lettered',
          from: event.functionName,
          deadLetterQueue: queue.name,
          messageId,
          reason,
          ...(event.subjects[0] === undefined ? {} : { subject: event.subjects[0] }),
        });
        return;
      }
      case 'sns':
        if (!this.#targets.publishToTopic) throw new DestinationError(arn, 'there are no topics');
        await this.#targets.publishToTopic(arn, message, sourceArn);
        return;
      case 'lambda':
        await this.#targets.invokeAsync({
          functionName: functionNameOf(arn),
          payload: message.body,
          source: `Lambda ${event.functionName}`,
          subjects: event.subjects,
        });
        return;
      default:
        throw new DestinationError(arn, 'no such kind of destination is known');
    }
  }
}

const serviceOf = (arn: string): string => arn.split(':')[2] ?? '';

function failureReason(condition: RecordCondition, result: InvocationResult | undefined): string {
  if (result === undefined) return condition;
  const parsed = errorPayload.safeParse(JSON.parse(result.payload));
  return parsed.data?.errorMessage ?? condition;
}
