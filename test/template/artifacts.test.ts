import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { functionsOf } from './model.ts';
import {
  packagedService,
  PACKAGING_TIMEOUT_MS,
  type PackagedService,
} from './packaged-template.ts';

let service: PackagedService;

beforeAll(async () => {
  service = await packagedService();
}, PACKAGING_TIMEOUT_MS);

describe('the artifact of a function', () => {
  it('holds its own bundle, where its handler says, and nothing else', async () => {
    for (const { id, properties } of functionsOf(service.template)) {
      const folder = await service.codeFolder(id, properties.Code.S3Key);

      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
      const bundle = properties.Handler.replace(/\.handler$/, '.js');
      expect(files.toSorted()).toEqual([bundle, 'package.json']);
    }
  });

  it('goes without the SDK where the function asks no AWS service', async () => {
    const ofTheSdk = 'ProvisionedThroughputExceededException';
    const bundles = await Promise.all(
      functionsOf(service.template).map(async ({ id, properties }) => {
        const folder = await service.codeFolder(id, properties.Code.S3Key);
        const bundle = join(folder, properties.Handler.replace(/\.handler$/, '.js'));
        return { id, text: await readFile(bundle, 'utf8') };
      }),
    );

    const without = bundles.filter(({ text }) => !text.includes(ofTheSdk)).map(({ id }) => id);
    expect(without.toSorted()).toEqual([
      'ListProductsLambdaFunction',
      'UnknownRouteLambdaFunction',
    ]);
  });
});
