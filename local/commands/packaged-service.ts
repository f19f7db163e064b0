import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { layOutArtifact, readArtifact } from '../build/artifact.ts';
import type { Framework } from '../framework/framework.ts';

/** What `sls package` made: what would be deployed, and what runs here. */
export interface PackagedService {
  template: unknown;
  /** The folder with a function's code, unpacked from the artifact of that S3 key. */
  codeFolder: (functionLogicalId: string, s3Key: string) => Promise<string>;
}

/** Packages the service and opens what came out. */
export async function packageService(framework: Framework): Promise<PackagedService> {
  await framework.pluginManager.spawn('package');
  return openPackage(
    framework.serviceDir,
    framework.getProvider('aws').naming.getCompiledTemplateFileName(),
  );
}

/** Opens the package that lies in `.serverless`. */
export async function openPackage(
  serviceFolder: string,
  templateFile = 'cloudformation-template-update-stack.json',
): Promise<PackagedService> {
  const packageFolder = join(serviceFolder, '.serverless');
  const template: unknown = JSON.parse(await readFile(join(packageFolder, templateFile), 'utf8'));
  return {
    template,
    codeFolder: async (_functionLogicalId, s3Key) =>
      layOutArtifact(
        await readArtifact(join(packageFolder, basename(s3Key))),
        codeFolderOf(serviceFolder),
      ),
  };
}

/** Where functions' code is laid out to run; folders there are named for their content. */
export const codeFolderOf = (serviceFolder: string): string =>
  join(serviceFolder, '.local', 'code');

/** Where compiled code is kept from one run to the next. */
export const compileCacheOf = (serviceFolder: string): string =>
  join(serviceFolder, '.local', 'compile-cache');
