import { parseJson } from './filter/fields.ts';
import { invalidParameter } from './sns-errors.ts';

/** The text of a message, and those that single protocols receive instead. */
export interface MessageTexts {
  body: string;
  bodies?: Record<string, string>;
}

/**
 * Reads a message structure of `json`: an object with a text per protocol, of which `default` is
 * required. Members that are no strings do not count.
 *
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function readMessageStructure(message: string, structure: string | undefined): MessageTexts {
  if (structure === undefined || structure === '') return { body: message };
  if (structure !== 'json') throw invalidParameter('MessageStructure');
  const parsed = parseJson(message);
  if (typeof parsed !== 'object' || parsed === null) {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const bodies: Record<string, string> = {};
  for (const [protocol, text] of Object.entries(parsed)) {
    if (typeof text === 'string') bodies[protocol] = text;
  }
  const { default: body } = bodies;
  if (body === undefined) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return { body, bodies };
}
