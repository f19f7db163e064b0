import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionDefinition, Service } from '../framework/framework.ts';
import { runtimeSettings, type RuntimeSettings } from '../framework/settings.ts';

/** Where a function's code comes from and where its bundle goes; paths are relative to the service. */
export interface HandlerSource {
  /** The key of the function in serverless.yml: `placeOrder`. */
  functionKey: string;
  /** The TypeScript file that exports the handler: `functions/buying/place-order.ts`. */
  source: string;
  /** The file that Lambda loads: `dist/functions/buying/place-order.js`. */
  bundle: string;
}

/** A function's `handler` names no file. */
export class HandlerSourceError extends Error {
  override readonly name = 'HandlerSourceError';
}

const TYPESCRIPT = ['.ts', '.mts'];
/** What Lambda loads as it is. */
const JAVASCRIPT = ['.js', '.mjs', '.cjs'];

/**
 * Finds the functions that are built here: those whose handler is a TypeScript file, named by its
 * own path (`api/list.handler`) or below the output folder (`dist/api/list.handler`). A function
 * with a finished artifact or with a handler in JavaScript is left to the framework.
 *
 * @throws HandlerSourceError when a handler below the output folder is neither source nor JavaScript
 */
export function handlerSources(
  serviceFolder: string,
  service: Pick<Service, 'functions' | 'custom' | 'package'>,
): HandlerSource[] {
  const settings = runtimeSettings(service);
  if (!settings.build || service.package?.artifact !== undefined) return [];
  return Object.entries(service.functions).flatMap(
    ([functionKey, definition]) =>
      sourceOf(serviceFolder, functionKey, definition, settings.output) ?? [],
  );
}

function sourceOf(
  serviceFolder: string,
  functionKey: string,
  { handler, package: packaging }: FunctionDefinition,
  output: RuntimeSettings['output'],
): HandlerSource | undefined {
  if (handler === undefined || packaging?.artifact !== undefined) return undefined;
  const module = handler.slice(0, handler.lastIndexOf('.'));
  const firstOf = (path: string, extensions: string[]): string | undefined =>
    extensions
      .map((extension) => path + extension)
      .find((file) => existsSync(join(serviceFolder, file)));
  const within = `${output}/`;
  const sourceModule = module.startsWith(within) ? module.slice(within.length) : module;
  const source = firstOf(sourceModule, TYPESCRIPT);
  const finished = firstOf(module, JAVASCRIPT);
  if (source !== undefined && (sourceModule !== module || finished === undefined)) {
    return { functionKey, source, bundle: `${module}.js` };
  }
  if (finished === undefined && sourceModule !== module) {
    throw new HandlerSourceError(
      `The handler of ${functionKey} is "${handler}", but there is no file ${sourceModule}.ts to build it from`,
    );
  }
  return undefined;
}
