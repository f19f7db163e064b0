import { readdir } from 'node:fs/promises';
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
});
