import type { Variable } from './environment.ts';

/** The name of a DynamoDB table. */
export function tableName(name: string, purpose: string): Variable<string> {
  return matching(name, purpose, /^[\w.-]{3,255}$/, 'the name of a DynamoDB table');
}

/** The URL of an SQS queue. */
export function queueUrl(name: string, purpose: string): Variable<string> {
  return matching(name, purpose, /^https?:\/\/\S+$/, 'the URL of an SQS queue');
}

/** The ARN of an SNS topic. */
export function topicArn(name: string, purpose: string): Variable<string> {
  return matching(name, purpose, /^arn:aws[\w-]*:sns:\S+$/, 'the ARN of an SNS topic');
}

export function emailAddress(name: string, purpose: string): Variable<string> {
  return matching(name, purpose, /^[^\s@]+@[^\s@]+$/, 'an e-mail address');
}

/** A list with a separator; blank entries do not count, and an absent variable is an empty list. */
export function list(
  name: string,
  purpose: string,
  separator: string,
): Variable<readonly string[]> {
  const parse = (text: string): readonly string[] =>
    text
      .split(separator)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  return { name, purpose, parse, form: `a list separated by "${separator}"`, absent: [] };
}

function matching(name: string, purpose: string, pattern: RegExp, form: string): Variable<string> {
  return { name, purpose, form, parse: (text) => (pattern.test(text) ? text : undefined) };
}
