import type { CommandOption, CommandOptions } from '../framework/framework.ts';
import type { LogMode } from '../live-log/live-log.ts';

/** The options of `sls local`. */
export const LOCAL_OPTIONS: Record<string, CommandOption> = {
  port: { usage: 'Port of the endpoint (4566, or LOCAL_PORT)', type: 'string' },
  'data-dir': { usage: 'Folder that keeps the state between runs', type: 'string' },
  'accept-data-loss': {
    usage: 'Start with what is left of a damaged data folder',
    type: 'boolean',
  },
  parameter: { usage: 'Value of a parameter of the template, as name=value', type: 'multiple' },
  quiet: { usage: 'Log failures and dead letters only', type: 'boolean' },
  filtered: { usage: 'Log also what filter policies leave out', type: 'boolean' },
  json: { usage: 'Log every activity as a line of JSON', type: 'boolean' },
};

export interface LocalOptions {
  port: number;
  dataDir: string | undefined;
  acceptDataLoss: boolean;
  parameters: Record<string, string>;
  logMode: LogMode;
}

/** An option or variable has a value that cannot be used. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

const DEFAULT_PORT = 4566;
const HIGHEST_PORT = 65_535;

/** @throws OptionError */
export function parseLocalOptions(
  options: CommandOptions,
  environment: Readonly<Record<string, string | undefined>>,
): LocalOptions {
  const dataDir = options['data-dir'];
  return {
    port: parsePort(options['port'] ?? environment['LOCAL_PORT'] ?? DEFAULT_PORT),
    dataDir: typeof dataDir === 'string' ? dataDir : undefined,
    acceptDataLoss: options['accept-data-loss'] === true,
    parameters: parseParameters(options['parameter']),
    logMode: parseLogMode(options),
  };
}

const LOG_MODES = ['quiet', 'filtered', 'json'] as const;

function parseLogMode(options: CommandOptions): LogMode {
  const [mode = 'all', other] = LOG_MODES.filter((name) => options[name] === true);
  if (other !== undefined) throw new OptionError(`--${mode} and --${other} exclude each other`);
  return mode;
}

function parseParameters(given: unknown): Record<string, string> {
  const parameters = [given ?? []].flat().map((each) => {
    const text = typeof each === 'string' ? each : JSON.stringify(each);
    const equals = text.indexOf('=');
    if (equals < 1) throw new OptionError(`--parameter takes name=value, not "${text}"`);
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
  return Object.fromEntries(parameters);
}

function parsePort(value: unknown): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    throw new OptionError(
      `The port must be a whole number up to ${HIGHEST_PORT}, not "${String(value)}"`,
    );
  }
  return port;
}
