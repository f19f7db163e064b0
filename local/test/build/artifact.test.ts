import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from '@jest/globals';
import {
  artifactFiles,
  layOutArtifact,
  UnsafeArtifactError,
  zipArtifact,
} from '../../build/artifact.ts';
import { serviceFolder } from './service-folder.ts';

const bundle = (code: string) => ({
  functionKey: 'greet',
  path: 'dist/functions/greet.js',
  code: new TextEncoder().encode(code),
});

describe('A deployment package', () => {
  it('holds the bundle and a manifest that makes it an ES module', () => {
    const files = unzipSync(zipArtifact(artifactFiles(bundle('export const a = 1;'))));

    expect(Object.keys(files).toSorted()).toEqual(['dist/functions/greet.js', 'package.json']);
    expect(JSON.parse(Buffer.from(files['package.json'] ?? []).toString())).toEqual({
      type: 'module',
    });
  });

  it('is the same to the byte when the code is the same', () => {
    const once = zipArtifact(artifactFiles(bundle('export const a = 1;')));
    const again = zipArtifact(artifactFiles(bundle('export const a = 1;')));

    expect(Buffer.from(once).equals(again)).toBe(true);
  });

  it('is laid out once per content', async () => {
    await using folder = await serviceFolder({});

    const [first, same, other] = await Promise.all([
      layOutArtifact(artifactFiles(bundle('1')), folder.path),
      layOutArtifact(artifactFiles(bundle('1')), folder.path),
      layOutArtifact(artifactFiles(bundle('2')), folder.path),
    ]);

    expect(same).toBe(first);
    expect(other).not.toBe(first);
    expect(await readFile(join(first, 'dist/functions/greet.js'), 'utf8')).toBe('1');
    expect(await readdir(folder.path)).toHaveLength(2);
  });

  it('is not laid out when it would leave its folder', async () => {
    await using folder = await serviceFolder({});

    const laidOut = layOutArtifact({ '../escaped.js': new Uint8Array() }, folder.path);

    await expect(laidOut).rejects.toThrow(UnsafeArtifactError);
  });
});
