import type { CommandOptions, Framework } from '../framework/framework.ts';
import { runtimeSettings } from '../framework/settings.ts';
import { ShortNames } from '../live-log/short-names.ts';
import { invocationInput } from './invocation-input.ts';
import { invocationReport, type InvocationOutcome } from './invocation-report.ts';
import { invokeIsolated, type NamedFunction } from './invoke-isolated.ts';
import { findRunning } from './running-system.ts';

/** The service has no function of that name. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
}

/** An option of the framework's own command that this one cannot honour. */
export class UnsupportedOptionError extends Error {
  override readonly name = 'UnsupportedOptionError';
}

const UNSUPPORTED_OPTIONS = ['raw', 'context', 'contextPath', 'env', 'docker', 'docker-arg'];

/**
 * `sls invoke local`: runs one function with one event, in the running system or in one of its own,
 * and prints what came of it.
 *
 * @returns whether the function succeeded
 * @throws UnknownFunctionError, UnsupportedOptionError, EventInputError, BuildError
 */
export async function invokeLocal(framework: Framework, options: CommandOptions): Promise<boolean> {
  const unsupported = UNSUPPORTED_OPTIONS.find((name) => isGiven(options[name]));
  if (unsupported !== undefined) {
    throw new UnsupportedOptionError(
      `sls invoke local runs the function as it would be deployed: it has no --${unsupported} here`,
    );
  }
  const invoked = functionNamed(framework, options['function']);
  const { serviceDir, service } = framework;
  const stage = framework.getProvider('aws').getStage();
  const [input, running] = await Promise.all([
    invocationInput(serviceDir, invoked.functionKey, options, {
      samples: runtimeSettings(service).samples,
      standardInput: process.stdin,
    }),
    options['isolated'] === true
      ? undefined
      : findRunning(serviceDir, { service: service.service, stage }),
  ]);
  let outcome: InvocationOutcome;
  if (running) {
    const { invokeRunning } = await import('./invoke-running.ts');
    outcome = await invokeRunning(running, invoked, input);
  } else {
    outcome = await invokeIsolated(framework, invoked, input);
  }
  console.log(invocationReport(outcome, new ShortNames(`${service.service}-${stage}-`)));
  return !outcome.failed;
}

function functionNamed(framework: Framework, functionKey: unknown): NamedFunction {
  const definition = framework.service.functions[String(functionKey)];
  if (!definition) {
    throw new UnknownFunctionError(
      `There is no function "${String(functionKey)}"; the service has ${Object.keys(framework.service.functions).join(', ')}`,
    );
  }
  return { functionKey: String(functionKey), definition };
}

const isGiven = (value: unknown): boolean =>
  value !== undefined &&
  value !== false &&
  value !== '' &&
  !(Array.isArray(value) && value.length === 0);
