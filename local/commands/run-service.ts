import { resolve } from 'node:path';
import { CodeReloader } from '../build/code-reloader.ts';
import { handlerSources } from '../build/handler-source.ts';
import { LocalCode } from '../build/local-code.ts';
import type { Framework } from '../framework/framework.ts';
import { ShortNames } from '../live-log/short-names.ts';
import { startSystem, type System } from '../system/start-system.ts';
import { followActivities } from './follow-activities.ts';
import type { LocalOptions } from './local-options.ts';
import { codeFolderOf, compileCacheOf, localService } from './packaged-service.ts';
import { RestartOnChange } from './restart-on-change.ts';
import { announceRunning, withdrawRunning } from './running-system.ts';
import { startBanner } from './start-banner.ts';
import { nextStopSignal } from './stop-signal.ts';

/**
 * `sls local`: compiles the service's template, runs it and logs what happens, until it is told to
 * stop by SIGINT or SIGTERM.
 */
export async function runService(framework: Framework, options: LocalOptions): Promise<void> {
  const { serviceDir, service } = framework;
  const stage = framework.getProvider('aws').getStage();
  const sources = handlerSources(serviceDir, service);
  const code = new LocalCode(serviceDir, sources, codeFolderOf(serviceDir));
  const building = code.build();
  const [system, built] = await Promise.all([
    start(framework, options, building, new Set(sources.map(({ functionKey }) => functionKey))),
    building,
  ]);
  const stopRequested = nextStopSignal();
  const announcement = { url: system.url, pid: process.pid, service: service.service, stage };
  await announceRunning(serviceDir, announcement);
  const reloader = new CodeReloader(
    {
      code,
      replaceCode: (functionKey, folder) =>
        system.replaceCode(service.functions[functionKey]?.name ?? functionKey, folder),
      onReloaded: (functionNames) =>
        system.activity.record({ type: 'code-reloaded', functionNames }),
      onError: (error) => console.error(`${messageOf(error)}\nThe code from before keeps running.`),
    },
    built,
  );
  reloader.start();
  const restart = new RestartOnChange(serviceDir, {
    keepsState: options.dataDir !== undefined,
    say: (text) => console.error(text),
  });
  restart.start();
  // Last: whoever reads that a change is noticed may make one at once.
  printBanner(framework, system, options);
  followActivities(
    system.activity,
    options.logMode,
    new ShortNames(`${service.service}-${stage}-`),
  );
  await Promise.race([stopRequested, restart.wanted]);
  restart.close();
  await withdrawRunning(serviceDir);
  await reloader.close();
  await system.stop();
  if (restart.isWanted) restart.perform(system.port);
  else if (options.logMode !== 'json') console.log('Stopped.');
}

async function start(
  framework: Framework,
  options: LocalOptions,
  building: Promise<ReadonlyMap<string, string>>,
  builtKeys: ReadonlySet<string>,
): Promise<System> {
  const { serviceDir } = framework;
  const provider = framework.getProvider('aws');
  return startSystem({
    ...(await localService(framework, building, builtKeys)),
    port: options.port,
    anyPortIfTaken: true,
    runEventSources: true,
    stackName: provider.naming.getStackName(),
    region: provider.getRegion(),
    parameters: options.parameters,
    acceptDataLoss: options.acceptDataLoss,
    compileCacheFolder: compileCacheOf(serviceDir),
    ...(options.dataDir === undefined ? {} : { dataDir: resolve(serviceDir, options.dataDir) }),
  });
}

function printBanner(framework: Framework, system: System, options: LocalOptions): void {
  const provider = framework.getProvider('aws');
  const text = startBanner({
    service: framework.service.service,
    stage: provider.getStage(),
    url: system.url,
    requestedPort: options.port,
    port: system.port,
    region: provider.getRegion(),
    dataDir:
      options.dataDir === undefined ? undefined : resolve(framework.serviceDir, options.dataDir),
    resources: system.resources,
    unsupported: system.unsupported,
    changes: system.changes,
    routes: httpRoutes(framework),
    hint: 'Ctrl-C stops it. A changed function is reloaded at once, a changed configuration restarts it.',
    startupMs: performance.now(),
  });
  // With --json the standard output is for activities alone.
  if (options.logMode === 'json') console.error(text);
  else console.log(text);
}

/** `POST /orders → placeOrder`, as the functions' configuration lists them. */
function httpRoutes(framework: Framework): string[] {
  return Object.entries(framework.service.functions).flatMap(([functionKey, { events = [] }]) =>
    events.flatMap((event) => {
      if (typeof event !== 'object' || event === null || !('httpApi' in event)) return [];
      const route = event.httpApi;
      if (typeof route === 'string') return [`${route}  →  ${functionKey}`];
      if (typeof route !== 'object' || route === null) return [];
      const { method = '*', path = '' }: { method?: unknown; path?: unknown } = route;
      return [`${String(method).toUpperCase()} ${String(path)}  →  ${functionKey}`];
    }),
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
