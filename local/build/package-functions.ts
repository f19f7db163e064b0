import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Service } from '../framework/framework.ts';
import { artifactFiles, zipArtifact } from './artifact.ts';
import { bundleHandlers, type Bundle } from './bundler.ts';
import { configurationFiles } from './configuration-files.ts';
import { handlerSources } from './handler-source.ts';
import type { PackageRecord } from './package-record.ts';

/**
 * Builds functions and hands the framework a finished artifact for each, so that it searches no
 * folders for files to package. The bundles are kept where their handlers say as well, to be looked
 * at. Functions that are not built here are left to the framework.
 *
 * @param functionKeys the functions to package; all of the service when left out
 * @returns what the package is made of
 * @throws HandlerSourceError, BuildError, SettingsError
 */
export async function packageFunctions(
  serviceFolder: string,
  service: Service,
  functionKeys: readonly string[] = Object.keys(service.functions),
): Promise<Pick<PackageRecord, 'inputs' | 'complete'>> {
  const all = handlerSources(serviceFolder, service);
  const sources = all.filter(({ functionKey }) => functionKeys.includes(functionKey));
  const built = new Set(all.map(({ functionKey }) => functionKey));
  const foreign = Object.entries(service.functions)
    .filter(([functionKey]) => !built.has(functionKey))
    .map(([, definition]) => definition.package?.artifact ?? service.package?.artifact);
  const { bundles, inputs } = await bundleHandlers(serviceFolder, sources, 'deploy');
  await mkdir(join(serviceFolder, '.serverless'), { recursive: true });
  await Promise.all(
    bundles.map(async (bundle) => {
      await keepBundle(serviceFolder, bundle);
      const artifact = join('.serverless', `${bundle.functionKey}.zip`);
      await writeFile(join(serviceFolder, artifact), zipArtifact(artifactFiles(bundle)));
      const definition = service.functions[bundle.functionKey];
      if (definition) definition.package = { ...definition.package, artifact };
    }),
  );
  return {
    inputs: [
      ...configurationFiles(serviceFolder),
      ...['package-lock.json', 'tsconfig.json'].filter((file) =>
        existsSync(join(serviceFolder, file)),
      ),
      // Installed packages change with the lock file.
      ...inputs.filter((input) => !input.includes('node_modules/')),
      ...foreign.filter((artifact) => artifact !== undefined),
    ],
    complete: foreign.every((artifact) => artifact !== undefined),
  };
}

async function keepBundle(serviceFolder: string, bundle: Bundle): Promise<void> {
  const file = join(serviceFolder, bundle.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bundle.code);
}
