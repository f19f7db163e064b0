import { handlerSources } from '../build/handler-source.ts';
import { LocalCode } from '../build/local-code.ts';
import type { FunctionDefinition, Framework } from '../framework/framework.ts';
import type { System } from '../system/start-system.ts';
import { invocationEffects } from './invocation-effects.ts';
import type { InvocationInput } from './invocation-input.ts';
import type { InvocationOutcome } from './invocation-report.ts';
import { codeFolderOf, compileCacheOf, localService } from './packaged-service.ts';

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
  const building = buildFunction(framework, invoked);
  // The system comes up while the function is built.
  const [system] = await Promise.all([startIsolated(framework, invoked, building), building]);
  try {
    return await invokeWithin(system, invoked, input);
  } finally {
    await system.stop();
  }
}

async function startIsolated(
  framework: Framework,
  { functionKey }: NamedFunction,
  building: Promise<ReadonlyMap<string, string>>,
): Promise<System> {
  const provider = framework.getProvider('aws');
  const { naming } = provider;
  const buildable = handlerSources(framework.serviceDir, framework.service);
  const [{ startSystem }, { template, codeFolder }] = await Promise.all([
    import('../system/start-system.ts'),
    localService(framework, building, new Set(buildable.map((source) => source.functionKey))),
  ]);
  const invokedId = naming.getLambdaLogicalId(functionKey);
  return startSystem({
    template,
    // Nothing reads the queues, so no other function ever runs: its code is not built.
    codeFolder: (logicalId, s3Key) =>
      logicalId === invokedId ? codeFolder(logicalId, s3Key) : framework.serviceDir,
    port: 0,
    anyPortIfTaken: true,
    runEventSources: false,
    stackName: naming.getStackName(),
    region: provider.getRegion(),
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

/** @returns undefined for a function that is not built here */
async function buildFunction(
  { serviceDir, service }: Framework,
  { functionKey }: NamedFunction,
): Promise<ReadonlyMap<string, string>> {
  const sources = handlerSources(serviceDir, service).filter(
    (source) => source.functionKey === functionKey,
  );
  const code = new LocalCode(serviceDir, sources, codeFolderOf(serviceDir));
  try {
    return await code.build();
  } finally {
    await code.close();
  }
}
