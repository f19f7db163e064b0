import { resolve } from 'node:path';
import { CodeReloader } from '../build/code-reloader.ts';
import { handlerSources } from '../build/handler-source.ts';
import type { Framework } from '../framework/framework.ts';
import { liveLog } from '../live-log/live-log.ts';
import { ShortNames } from '../live-log/short-names.ts';
import { startSystem, type System } from '../system/start-system.ts';
import type { LocalOptions } from './local-options.ts';
import { codeFolderOf, compileCacheOf, packageService } from './packaged-service.ts';
import { announceRunning, withdrawRunning } from './running-system.ts';
import { startBanner } from './start-banner.ts';

/**
 * `sls local`: packages the service, runs what was packaged and logs what happens, until it is told
 * to stop by SIGINT or SIGTERM.
 */
export async function runService(framework: Framework, options: LocalOptions): Promise<void> {
  const { serviceDir, service } = framework;
  const provider = framework.getProvider('aws');
  const names = new ShortNames(`${service.service}-${provider.getStage()}-`);
  const { template, codeFolder } = await packageService(framework);
  const folderByArtifact = new Map<string, string>();

  const system = await startSystem({
    template,
    codeFolder: async (logicalId, s3Key) => {
      const folder = await codeFolder(logicalId, s3Key);
      folderByArtifact.set(s3Key.slice(s3Key.lastIndexOf('/') + 1), folder);
      return folder;
    },
    port: options.port,
    anyPortIfTaken: true,
    runEventSources: true,
    stackName: provider.naming.getStackName(),
    region: provider.getRegion(),
    compileCacheFolder: compileCacheOf(serviceDir),
    ...(options.dataDir === undefined ? {} : { dataDir: resolve(serviceDir, options.dataDir) }),
  });
  const stopRequested = nextStopSignal();
  await announceRunning(serviceDir, {
    url: system.url,
    pid: process.pid,
    service: service.service,
    stage: provider.getStage(),
  });
  printBanner(framework, system, options);
  followActivities(system, options, names);
  const reloader = new CodeReloader(
    {
      serviceFolder: serviceDir,
      sources: handlerSources(serviceDir, service.functions),
      watched: ['functions', 'shared'],
      codeFolder: codeFolderOf(serviceDir),
      replaceCode: (functionKey, folder) =>
        system.replaceCode(service.functions[functionKey]?.name ?? functionKey, folder),
      onReloaded: (functionNames) =>
        system.activity.record({ type: 'code-reloaded', functionNames }),
      onError: (error) => console.error(`${messageOf(error)}\nThe code from before keeps running.`),
    },
    new Map(
      Object.keys(service.functions).flatMap((functionKey) => {
        const folder = folderByArtifact.get(`${functionKey}.zip`);
        return folder === undefined ? [] : [[functionKey, folder]];
      }),
    ),
  );
  reloader.start();
  await stopRequested;
  await withdrawRunning(serviceDir);
  await reloader.close();
  await system.stop();
  if (options.logMode !== 'json') console.log('Stopped.');
}

/** A second signal, while the first is being obeyed, ends the process at once. */
function nextStopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    const stop = (): void => {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
      resolveStop();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
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
    startupMs: performance.now(),
  });
  // With --json the standard output is for activities alone.
  if (options.logMode === 'json') console.error(text);
  else console.log(text);
}

function followActivities(system: System, options: LocalOptions, names: ShortNames): void {
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const lineOf = liveLog({ mode: options.logMode, colour, names });
  system.activity.subscribe((activity) => {
    const line = lineOf(activity);
    if (line !== undefined) console.log(line);
  });
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
