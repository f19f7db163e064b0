import { parseJson } from '../../json/parse-json.ts';
import { PatternError } from '../../patterns/errors.ts';
import { EventPattern } from '../../patterns/event-pattern.ts';
import type { ReceivedMessage } from '../../sqs/queue.ts';
import { refused } from '../errors.ts';

/**
 * The filter criteria of a mapping: a message passes when one of the patterns matches its record.
 * A pattern for a JSON body matches no message whose body is not JSON, and a pattern for a plain body none whose
 * body is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export class MessageFilter {
  readonly #patterns: { pattern: EventPattern; wantsJsonBody: boolean }[];

  /** @throws AwsError InvalidParameterValueException */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.map((pattern) => {
      try {
        return {
          pattern: new EventPattern(pattern),
          wantsJsonBody: wantsJsonBody(JSON.parse(pattern)),
        };
      } catch (error) {
        if (!(error instanceof PatternError || error instanceof SyntaxError)) throw error;
        throw refused(`Invalid filter pattern definition. (${error.message})`);
      }
    });
  }

  accepts(message: ReceivedMessage): boolean {
    if (this.#patterns.length === 0) return true;
    const body = structureOf(message.body);
    const record = {
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: body ?? message.body,
      attributes: message.systemAttributes,
      messageAttributes: message.messageAttributes,
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
    };
    return this.#patterns.some(
      ({ pattern, wantsJsonBody: wantsJson }) =>
        (body !== undefined || !wantsJson) && pattern.matches(record),
    );
  }
}

const wantsJsonBody = (pattern: unknown): boolean =>
  typeof pattern === 'object' &&
  pattern !== null &&
  'body' in pattern &&
  !Array.isArray(pattern.body);

/** The object or list that a body holds as JSON, or undefined for a plain text. */
function structureOf(body: string): object | undefined {
  if (!/^\s*[[{]/.test(body)) return undefined;
  const value = parseJson(body);
  return typeof value === 'object' && value !== null ? value : undefined;
}
