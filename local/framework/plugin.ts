import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { INVOKE_LOCAL_OPTIONS } from '../commands/invoke-local-options.ts';
import type { PackageRecord } from '../build/package-record.ts';
import { LOCAL_OPTIONS, parseLocalOptions } from '../commands/local-options.ts';
import type { Command, CommandOptions, Framework } from './framework.ts';

/** The framework's own hooks of `sls invoke local`, which ask AWS for what the template refers to. */
const REPLACED_HOOKS = ['before:invoke:local:loadEnvVars', 'invoke:local:invoke'];

/**
 * The framework plugin: builds the functions before they are packaged, runs the packaged service on
 * this machine (`sls local`), and invokes a function within it (`sls invoke local`).
 */
export default class LocalPlugin {
  readonly commands: Record<string, Command> = {
    local: {
      usage: 'Run the packaged service on this machine',
      lifecycleEvents: ['run'],
      options: LOCAL_OPTIONS,
    },
    invoke: {
      usage: 'Invoke a function',
      commands: {
        local: { usage: 'Invoke a function on this machine', options: INVOKE_LOCAL_OPTIONS },
      },
    },
  };
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #framework: Framework;
  readonly #options: CommandOptions;
  #madeOf: Pick<PackageRecord, 'inputs' | 'complete'> | undefined;

  constructor(framework: Framework, options: CommandOptions) {
    this.#framework = framework;
    this.#options = options;
    // What the commands load is compiled, and its types are stripped, once for all runs.
    enableCompileCache(join(framework.serviceDir, '.local', 'compile-cache'));
    for (const name of REPLACED_HOOKS) delete framework.pluginManager.hooks[name];
    this.hooks = {
      'before:package:createDeploymentArtifacts': this.#step(() => this.#build()),
      'after:package:finalize': this.#step(() => this.#recordPackage()),
      'before:deploy:function:packageFunction': this.#step(() => this.#build()),
      'before:aws:package:finalize:saveServiceState': this.#step(() => this.#tidyTemplate()),
      'local:run': this.#step(() => this.#run()),
      'invoke:local:invoke': this.#step(() => this.#invoke()),
    };
  }

  async #build(): Promise<void> {
    const { packageFunctions } = await import('../build/package-functions.ts');
    const only = this.#options['function'];
    this.#madeOf = await packageFunctions(
      this.#framework.serviceDir,
      this.#framework.service,
      typeof only === 'string' ? [only] : undefined,
    );
  }

  async #recordPackage(): Promise<void> {
    if (this.#madeOf === undefined) return;
    const { packageOptions, writePackageRecord } = await import('../build/package-record.ts');
    await writePackageRecord(join(this.#framework.serviceDir, '.serverless'), {
      options: packageOptions(this.#framework.processedInput.options),
      ...this.#madeOf,
    });
  }

  async #tidyTemplate(): Promise<void> {
    const { dropRedundantDependencies } = await import('../build/redundant-dependencies.ts');
    const template = this.#framework.service.provider.compiledCloudFormationTemplate;
    if (template !== undefined) dropRedundantDependencies(template);
  }

  async #run(): Promise<void> {
    const options = parseLocalOptions(this.#options, process.env);
    const { runService } = await import('../commands/run-service.ts');
    await runService(this.#framework, options);
  }

  async #invoke(): Promise<void> {
    const { invokeLocal } = await import('../commands/invoke-local.ts');
    if (!(await invokeLocal(this.#framework, this.#options))) process.exitCode = 1;
  }

  /** Errors that have a name of ours are meant for the reader: they need no stack trace. */
  #step(run: () => Promise<void>): () => Promise<void> {
    const { Error: FrameworkError } = this.#framework.classes;
    return async () => {
      try {
        await run();
      } catch (error) {
        throw isForTheReader(error) ? new FrameworkError(error.message, error.name) : error;
      }
    };
  }
}

const isForTheReader = (error: unknown): error is Error =>
  error instanceof Error && !UNEXPECTED_ERRORS.has(error.name);

/** Mistakes of the program, whose stack trace is needed, and the framework's own errors. */
const UNEXPECTED_ERRORS = new Set([
  'Error',
  'RangeError',
  'ReferenceError',
  'ServerlessError',
  'SyntaxError',
  'TypeError',
]);
