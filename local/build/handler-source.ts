import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionDefinition } from '../framework/framework.ts';

/** Where a function's code comes from and where its bundle goes; paths are relative to the service. */
export interface HandlerSource {
  /** The key of the function in serverless.yml: `placeOrder`. */
  functionKey: string;
  /** The TypeScript file that exports the handler: `functions/buying/place-order.ts`. */
  source: string;
  /** The file that Lambda loads: `dist/functions/buying/place-order.js`. */
  bundle: string;
}

/** A function's `handler` names no file that the build can make. */
export class HandlerSourceError extends Error {
  override readonly name = 'HandlerSourceError';
}

const OUTPUT_FOLDER = 'dist/';

/**
 * Finds the source file behind each function's `handler`.
 *
 * @throws HandlerSourceError when a handler is outside `dist/` or has no source file
 */
export function handlerSources(
  serviceFolder: string,
  functions: Readonly<Record<string, FunctionDefinition>>,
): HandlerSource[] {
  return Object.entries(functions).map(([functionKey, { handler = '' }]) => {
    const module = handler.slice(0, handler.lastIndexOf('.'));
    if (!module.startsWith(OUTPUT_FOLDER)) {
      throw new HandlerSourceError(
        `The handler of ${functionKey} is "${handler}"; it must be ${OUTPUT_FOLDER}<path of the source file>.<export>`,
      );
    }
    const source = `${module.slice(OUTPUT_FOLDER.length)}.ts`;
    if (!existsSync(join(serviceFolder, source))) {
      throw new HandlerSourceError(
        `The handler of ${functionKey} is "${handler}", but there is no file ${source}`,
      );
    }
    return { functionKey, source, bundle: `${module}.js` };
  });
}
