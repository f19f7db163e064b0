import { PermanentError } from './errors.ts';

/** One environment variable: its name, what it is for, and how its text becomes a value. */
export interface Variable<Value> {
  readonly name: string;
  readonly purpose: string;
  /** `undefined` when the text does not have the form that `form` describes. */
  readonly parse: (text: string) => Value | undefined;
  readonly form: string;
  /** The value when the variable is absent; without it the variable must be there. */
  readonly absent?: Value;
}

/** Names every variable that is missing or malformed, with what each is for. */
export class ConfigurationError extends PermanentError {
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly string[]) {
    super(`The function's environment is not as it must be: ${problems.join('; ')}`);
  }
}

type Values<Variables extends Readonly<Record<string, Variable<unknown>>>> = {
  readonly [Key in keyof Variables]: Variables[Key] extends Variable<infer Value> ? Value : never;
};

/**
 * Parses the variables that a function uses into a typed configuration.
 *
 * @throws ConfigurationError that names all of what is wrong at once
 * @example readConfiguration(process.env, { ordersTable: table('ORDERS_TABLE', 'keeps the orders') })
 */
export function readConfiguration<Variables extends Readonly<Record<string, Variable<unknown>>>>(
  environment: Readonly<Record<string, string | undefined>>,
  variables: Variables,
): Values<Variables> {
  const problems: string[] = [];
  const entries = Object.entries(variables).map(([key, variable]) => {
    const text = environment[variable.name]?.trim() ?? '';
    if (text === '') {
      if (!('absent' in variable))
        problems.push(`${variable.name} (${variable.purpose}) is not set`);
      return [key, variable.absent];
    }
    const value = variable.parse(text);
    if (value === undefined) {
      problems.push(`${variable.name} (${variable.purpose}) must be ${variable.form}`);
    }
    return [key, value];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(entries);
}

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

/** A whole number from 1. */
export function wholeNumber(name: string, purpose: string): Variable<number> {
  return {
    name,
    purpose,
    form: 'a whole number from 1',
    parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
  };
}

function matching(name: string, purpose: string, pattern: RegExp, form: string): Variable<string> {
  return { name, purpose, form, parse: (text) => (pattern.test(text) ? text : undefined) };
}

/**
 * Makes a value at its first use and keeps it for the life of the execution environment. What
 * throws is not kept, so the next invocation tries again. Only for clients and configuration:
 * nothing that belongs to one invocation may outlive it.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
