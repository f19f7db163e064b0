import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isNativeError } from 'node:util/types';
import { RuntimeError } from './error-report.ts';
import { WITHOUT_CALLBACKS } from './invocation.ts';
import type { EnvironmentSettings } from './protocol.ts';

export type Handler = (
  event: unknown,
  context: object,
  callback?: (error?: unknown, answer?: unknown) => void,
) => unknown;

const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];
const CALLBACK_PARAMETERS = 3;

/**
 * Imports the module that a handler setting names and finds the function it exports.
 *
 * @throws RuntimeError named as Lambda names it: Runtime.MalformedHandlerName, ImportModuleError,
 *   UserCodeSyntaxError, HandlerNotFound, CallbackHandlerDeprecated
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function loadHandler({
  codeFolder,
  handler: setting,
  nodeVersion,
}: EnvironmentSettings): Promise<Handler> {
  const [, moduleName, exportPath] = /^([^.]*)\.(.+)$/.exec(basename(setting)) ?? [];
  if (!moduleName || !exportPath || setting.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', `Bad handler: ${setting}`);
  }
  const path = join(dirname(setting), moduleName);
  const exported = findExport(await importModule(codeFolder, path), exportPath.split('.'));
  if (exported === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${setting} is undefined or not exported`);
  }
  if (typeof exported !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${setting} is not a function`);
  }
  if (exported.length >= CALLBACK_PARAMETERS && nodeVersion >= WITHOUT_CALLBACKS) {
    throw new RuntimeError(
      'Runtime.CallbackHandlerDeprecated',
      `${setting} takes a callback, which the Node.js ${nodeVersion} runtime does not support; make it an async function`,
    );
  }
  return exported as Handler;
}

async function importModule(codeFolder: string, path: string): Promise<unknown> {
  const file = EXTENSIONS.map((extension) => join(codeFolder, path + extension)).find((candidate) =>
    existsSync(candidate),
  );
  if (file === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${path}'`);
  }
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  if (!isNativeError(error)) return error;
  if (error instanceof SyntaxError) {
    return withStackOf(error, new RuntimeError('Runtime.UserCodeSyntaxError', String(error)));
  }
  if ('code' in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code))) {
    return withStackOf(error, new RuntimeError('Runtime.ImportModuleError', String(error)));
  }
  return error;
}

function withStackOf(cause: Error, error: RuntimeError): RuntimeError {
  if (cause.stack !== undefined) error.stack = cause.stack;
  return error;
}

/** A CommonJS module's exports may be visible only below `default`. */
function findExport(module: unknown, path: string[]): unknown {
  const direct = follow(module, path);
  return direct ?? follow(module, ['default', ...path]);
}

function follow(from: unknown, path: string[]): unknown {
  let value = from;
  for (const key of path) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
      return undefined;
    }
    value = Reflect.get(value, key);
  }
  return value;
}
