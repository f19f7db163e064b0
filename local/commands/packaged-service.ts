import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { layOutArtifact, readArtifact } from '../build/artifact.ts';
import { compileTemplate } from '../build/compile-template.ts';
import type { Framework } from '../framework/framework.ts';
import { parseJson } from '../json/parse-json.ts';

/** What `sls package` made: what would be deployed, and what runs here. */
export interface PackagedService {
  template: unknown;
  /** The folder with a function's code, unpacked from the artifact of that S3 key. */
  codeFolder: (functionLogicalId: string, s3Key: string) => Promise<string>;
}

/** The package holds no template. */
export class PackageUnreadableError extends Error {
  override readonly name = 'PackageUnreadableError';
}

/** Opens the package that lies in `.serverless`. */
export async function openPackage(
  serviceFolder: string,
  templateFile = 'cloudformation-template-update-stack.json',
): Promise<PackagedService> {
  const packageFolder = join(serviceFolder, '.serverless');
  const file = join(packageFolder, templateFile);
  const template = parseJson(await readFile(file, 'utf8'));
  if (template === undefined) throw new PackageUnreadableError(`${file} is no JSON`);
  return {
    template,
    codeFolder: async (_functionLogicalId, s3Key) =>
      layOutArtifact(
        await readArtifact(join(packageFolder, basename(s3Key))),
        codeFolderOf(serviceFolder),
      ),
  };
}

/**
 * The service's template, and its code as it runs on this machine: from the build here where there
 * is one, from its artifact where another tool made it, from the framework's own package else.
 * Nothing is written beside the code unless the framework has to package.
 *
 * @param built the folder of each function that is built here; it may still be under way
 * @param builtKeys the keys of those functions
 */
export async function localService(
  framework: Framework,
  built: Promise<ReadonlyMap<string, string>>,
  builtKeys: ReadonlySet<string>,
): Promise<PackagedService> {
  const { service, serviceDir } = framework;
  const { naming } = framework.getProvider('aws');
  const functions = new Map(
    Object.entries(service.functions).map(([functionKey, definition]) => [
      naming.getLambdaLogicalId(functionKey),
      { functionKey, artifact: definition.package?.artifact ?? service.package?.artifact },
    ]),
  );
  const known = [...functions.values()].every(
    ({ functionKey, artifact }) => builtKeys.has(functionKey) || artifact !== undefined,
  );
  const packaged = known
    ? { template: await compileTemplate(framework), codeFolder: undefined }
    : await packageByFramework(framework);
  return {
    template: packaged.template,
    codeFolder: async (logicalId, s3Key) => {
      const { functionKey, artifact } = functions.get(logicalId) ?? {};
      const folder = functionKey === undefined ? undefined : (await built).get(functionKey);
      if (folder !== undefined) return folder;
      if (packaged.codeFolder) return packaged.codeFolder(logicalId, s3Key);
      if (artifact === undefined) {
        throw new PackageUnreadableError(`There is no package of ${logicalId} (${s3Key})`);
      }
      const files = await readArtifact(resolve(serviceDir, artifact));
      return layOutArtifact(files, codeFolderOf(serviceDir));
    },
  };
}

async function packageByFramework(framework: Framework): Promise<PackagedService> {
  await framework.pluginManager.spawn('package');
  return openPackage(
    framework.serviceDir,
    framework.getProvider('aws').naming.getCompiledTemplateFileName(),
  );
}

/** Where functions' code is laid out to run; folders there are named for their content. */
export const codeFolderOf = (serviceFolder: string): string =>
  join(serviceFolder, '.local', 'code');

/** Where compiled code is kept from one run to the next. */
export const compileCacheOf = (serviceFolder: string): string =>
  join(serviceFolder, '.local', 'compile-cache');
