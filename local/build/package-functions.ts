import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Service } from '../framework/framework.ts';
import { artifactFiles, zipArtifact } from './artifact.ts';
import { bundleHandlers, type Bundle } from './bundler.ts';
import { handlerSources } from './handler-source.ts';

/**
 * Builds functions and hands the framework a finished artifact for each, so that it searches no
 * folders for files to package. The bundles are kept in `dist/` as well, to be looked at.
 *
 * @param functionKeys the functions to package; all of the service when left out
 * @throws HandlerSourceError, BuildError
 */
export async function packageFunctions(
  serviceFolder: string,
  service: Service,
  functionKeys: readonly string[] = Object.keys(service.functions),
): Promise<void> {
  const sources = handlerSources(serviceFolder, service.functions);
  const bundles = await bundleHandlers(
    serviceFolder,
    sources.filter(({ functionKey }) => functionKeys.includes(functionKey)),
  );
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
}

async function keepBundle(serviceFolder: string, bundle: Bundle): Promise<void> {
  const file = join(serviceFolder, bundle.path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bundle.code);
}
