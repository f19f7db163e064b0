import { existsSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What Lambda's Node.js runtime brings itself. */
const PROVIDED = /^@(aws-sdk|smithy)\//;

/**
 * Keeps the modules of a function within its package. The code may lie below a folder whose
 * node_modules Node.js would search too; a package that was forgotten would then be found here and
 * missing on AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
export function keepWithinPackage(codeFolder: string): void {
  const root = realpathSync(codeFolder);
  const layers = (process.env['NODE_PATH'] ?? '').split(delimiter).filter(Boolean);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const importer = context.parentURL;
      if (
        isPackage(specifier) &&
        !PROVIDED.test(specifier) &&
        importer?.startsWith('file:') &&
        resolved.url.startsWith('file:')
      ) {
        const from = fileURLToPath(importer);
        const found = fileURLToPath(resolved.url);
        if (
          isWithin(root, from) &&
          ![root, ...layers].some((folder) => isWithin(folder, found)) &&
          !isLinked(specifier, from, root)
        ) {
          throw notInPackage(specifier, from);
        }
      }
      return resolved;
    },
  });
}

const isPackage = (specifier: string): boolean => !/^(\.|\/|#|[a-z]+:)/.test(specifier);

const isWithin = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** True for a package that is in the function's own node_modules as a link to elsewhere. */
function isLinked(specifier: string, from: string, root: string): boolean {
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier];
  for (let folder = dirname(from); isWithin(root, folder) || folder === root;) {
    if (existsSync(join(folder, 'node_modules', name))) return true;
    folder = dirname(folder);
  }
  return false;
}

function notInPackage(specifier: string, from: string): Error {
  const error = new Error(
    `Cannot find package '${specifier}' imported from ${from}: it is not in the function's deployment package`,
  );
  return Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
}
