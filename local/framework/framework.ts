import type { TemplateValue } from '../cloudformation/template-value.ts';

/**
 * The part of the deployment framework (osls) that this project's plugin talks to. The framework
 * publishes types of its configuration only, so its objects are described here.
 */
export interface Framework {
  /** The folder of serverless.yml. */
  readonly serviceDir: string;
  readonly service: Service;
  readonly pluginManager: PluginManager;
  readonly processedInput: {
    readonly commands: readonly string[];
    /** Options as they were given on the command line. */
    readonly options: CommandOptions;
  };
  readonly classes: {
    /** An error that the framework prints without a stack trace. */
    readonly Error: new (message: string, code: string) => Error;
  };
  getProvider(name: 'aws'): {
    getStage(): string;
    getRegion(): string;
    readonly naming: {
      getStackName(): string;
      getCompiledTemplateFileName(): string;
      getLambdaLogicalId(functionKey: string): string;
    };
  };
}

export interface Service {
  /** The service's name. */
  readonly service: string;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  readonly custom?: Readonly<Record<string, unknown>>;
  /** What holds for the packages of all functions. */
  readonly package?: { readonly artifact?: string };
  readonly provider: {
    versionFunctions?: boolean;
    /** Present once the packaging lifecycle has compiled it. */
    readonly compiledCloudFormationTemplate?: TemplateValue;
  };
}

/** A function's part of the resolved configuration. */
export interface FunctionDefinition {
  /** The deployed function's name. */
  readonly name: string;
  readonly handler?: string;
  readonly events?: readonly unknown[];
  package?: { artifact?: string };
}

export interface PluginManager {
  /** What the framework runs, by lifecycle event: `before:package:finalize`. */
  readonly hooks: Record<string, { pluginName: string; hook: () => unknown }[]>;
  spawn(command: string): Promise<void>;
}

/** A command of a plugin. */
export interface Command {
  usage: string;
  lifecycleEvents?: string[];
  options?: Record<string, CommandOption>;
  commands?: Record<string, Command>;
}

export interface CommandOption {
  usage: string;
  type: 'string' | 'boolean' | 'multiple';
  shortcut?: string;
}

/** Command line options as the framework has parsed them. */
export type CommandOptions = Readonly<Record<string, unknown>>;
