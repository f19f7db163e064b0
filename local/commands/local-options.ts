import type { CommandOption, CommandOptions } from '../framework/framework.ts';
import type { LogMode } from '../live-log/live-log.ts';

/** The options of `sls local`. */
export const LOCAL_OPTIONS: Record<string, CommandOption> = {
  port: { usage: 'Port of the endpoint (4566, or LOCAL_PORT)', type: 'string' },
  'data-dir': { usage: 'Folder that keeps the state between runs', type: 'string' },
  quiet: { usage: 'Log failures and dead letters only', type: 'boolean' },
  json: { usage: 'Log every activity as a line of JSON', type: 'boolean' },
};

export interface LocalOptions {
  port: number;
  dataDir: string | undefined;
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
  if (options['quiet'] === true && options['json'] === true) {
    throw new OptionError('--quiet and --json exclude each other');
  }
  return {
    port: parsePort(options['port'] ?? environment['LOCAL_PORT'] ?? DEFAULT_PORT),
    dataDir: typeof dataDir === 'string' ? dataDir : undefined,
    logMode: options['json'] === true ? 'json' : options['quiet'] === true ? 'quiet' : 'all',
  };
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
