import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { configurationFiles } from '../build/configuration-files.ts';
import { FileWatcher } from '../build/file-watcher.ts';

/**
 * Restarts `sls local` in its place, on the same port, when serverless.yml or a file that it
 * includes changes. A configuration that the framework refuses is told and changes nothing.
 */
export class RestartOnChange {
  readonly #serviceFolder: string;
  readonly #options: { keepsState: boolean; say: (text: string) => void };
  readonly #wanted = Promise.withResolvers<void>();
  readonly #watcher = new FileWatcher(() => void this.#changed());
  #isWanted = false;

  constructor(
    serviceFolder: string,
    options: {
      /** False when everything that is in the system ends with it. */
      keepsState: boolean;
      say: (text: string) => void;
    },
  ) {
    this.#serviceFolder = serviceFolder;
    this.#options = options;
  }

  /** Resolves when the configuration has changed and can be used. */
  get wanted(): Promise<void> {
    return this.#wanted.promise;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  start(): void {
    this.#watcher.watch(
      configurationFiles(this.#serviceFolder).map((file) => join(this.#serviceFolder, file)),
    );
  }

  close(): void {
    this.#watcher.close();
  }

  /** Puts a new run in the place of this process; does not return where that can be done. */
  perform(port: number): void {
    const [program = '', ...given] = process.argv.slice(1);
    const parameters = given.filter(
      (parameter, index) => !/^--port(=|$)/.test(parameter) && given[index - 1] !== '--port',
    );
    const all = [...process.execArgv, program, ...parameters, `--port=${port}`];
    if (process.execve && process.platform !== 'win32') {
      process.execve(process.execPath, [process.execPath, ...all], environment());
    }
    // Windows cannot replace a process: this one stays, and ends with the new one.
    const child = spawn(process.execPath, all, { stdio: 'inherit' });
    child.once('exit', (code) => process.exit(code ?? 1));
  }

  async #changed(): Promise<void> {
    const problem = await this.#problem();
    if (problem !== undefined) {
      this.start();
      this.#options.say(`The changed configuration cannot be used:\n${problem}`);
      this.#options.say('The system runs on as it was started.');
      return;
    }
    this.#options.say(
      this.#options.keepsState
        ? 'The configuration has changed: restarting.'
        : 'The configuration has changed: restarting, with empty queues and tables (--data-dir keeps them).',
    );
    this.#isWanted = true;
    this.#wanted.resolve();
  }

  /** What the framework says against the configuration as it is now. */
  #problem(): Promise<string | undefined> {
    const [program = '', , ...options] = process.argv.slice(1);
    const kept = options.flatMap((option, index) => {
      if (/^--(stage|region|param)=/.test(option)) return [option];
      if (/^(--(stage|region|param)|-[sr])$/.test(option))
        return [option, options[index + 1] ?? ''];
      return [];
    });
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [program, 'print', ...kept], {
        cwd: this.#serviceFolder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const output: string[] = [];
      child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code) => resolve(code === 0 ? undefined : output.join('').trim()));
    });
  }
}

const environment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
