import { PermanentError } from '../errors/permanent-error.ts';

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
