import { artifactFiles, layOutArtifact } from '../build/artifact.ts';
import { bundleHandlers } from '../build/bundler.ts';
import { compileTemplate } from '../build/compile-template.ts';
import { handlerSources } from '../build/handler-source.ts';
import type { FunctionDefinition, Framework } from '../framework/framework.ts';
import type { System } from '../system/start-system.ts';
import { invocationEffects } from './invocation-effects.ts';
import type { InvocationInput } from './invocation-input.ts';
import type { InvocationOutcome } from './invocation-report.ts';
import { codeFolderOf, compileCacheOf } from './packaged-service.ts';

/** A function as the command line names it. */
export interface NamedFunction {
  functionKey: string;
  definition: FunctionDefinition;
}

/**
 * Brings up what the template describes, in memory, on a free port and with nothing reading the
 * queues, and invokes one function there. Only that function is built.
 *
 * @throws BuildError, HandlerSourceError, TemplateError
 */
export async function invokeIsolated(
  framework: Framework,
  invoked: NamedFunction,
  input: InvocationInput,
): Promise<InvocationOutcome> {
  const building = buildFunction(framework.serviceDir, invoked);
  // The system comes up while the function is built.
  const [system] = await Promise.all([startIsolated(framework, () => building), building]);
  try {
    return await invokeWithin(system, invoked, input);
  } finally {
    await system.stop();
  }
}

async function startIsolated(
  framework: Framework,
  codeFolder: () => Promise<string>,
): Promise<System> {
  const [{ startSystem }, template] = await Promise.all([
    import('../system/start-system.ts'),
    compileTemplate(framework),
  ]);
  return startSystem({
    template,
    codeFolder,
    port: 0,
    anyPortIfTaken: true,
    runEventSources: false,
    stackName: framework.getProvider('aws').naming.getStackName(),
    compileCacheFolder: compileCacheOf(framework.serviceDir),
  });
}

/** Invokes a function in a system of this process. */
export async function invokeWithin(
  system: Pick<System, 'lambda' | 'activity'>,
  { functionKey, definition }: NamedFunction,
  input: InvocationInput,
): Promise<InvocationOutcome> {
  const before = system.activity.since().at(-1)?.sequence ?? 0;
  const result = await system.lambda.invoke({
    functionName: definition.name,
    payload: input.payload,
    source: 'sls invoke local',
  });
  return {
    functionKey,
    origin: input.origin,
    place: 'a system of its own',
    failed: result.functionError !== undefined,
    payload: result.payload,
    effects: invocationEffects(system.activity.since(before), result.requestId),
  };
}

async function buildFunction(
  serviceFolder: string,
  { functionKey, definition }: NamedFunction,
): Promise<string> {
  const sources = handlerSources(serviceFolder, { [functionKey]: definition });
  const [bundle] = await bundleHandlers(serviceFolder, sources);
  if (!bundle) throw new Error(`${functionKey} has no bundle after its build`);
  return layOutArtifact(artifactFiles(bundle), codeFolderOf(serviceFolder));
}
