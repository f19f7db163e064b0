import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { bundleHandlers, BuildError } from '../../build/bundler.ts';
import { handlerSources, HandlerSourceError } from '../../build/handler-source.ts';
import { SettingsError } from '../../framework/settings.ts';
import { serviceFolder } from './service-folder.ts';

const greet = { name: 'service-dev-greet', handler: 'dist/functions/greeting/greet.handler' };
const custom = (settings: object) => ({ templateRuntime: settings });
const SOURCE = 'functions/greeting/greet.ts';

describe('Bundling handlers', () => {
  it('makes one ES module of a handler and what it imports', async () => {
    // Prepare
    await using folder = await serviceFolder({
      [SOURCE]: `import { words } from '../../shared/words.ts';
        export const handler = async (name: string): Promise<string> => words(name);`,
      'shared/words.ts': "export const words = (name: string): string => 'Hello, ' + name;",
    });

    // Act
    const sources = handlerSources(folder.path, { functions: { greet } });
    const { bundles, inputs } = await bundleHandlers(folder.path, sources, 'deploy');

    // Assess
    const [bundle] = bundles;
    expect(inputs).toEqual([SOURCE, 'shared/words.ts']);
    expect(bundle?.path).toBe('dist/functions/greeting/greet.js');
    const code = Buffer.from(bundle?.code ?? []).toString();
    expect(code).toContain('Hello, ');
    expect(code).not.toContain('import');
    expect(code).not.toContain('sourceMappingURL');
  });

  it('tells the file, the place and the line of a mistake', async () => {
    await using folder = await serviceFolder({
      [SOURCE]: "import { words } from './missing.ts';\nexport const handler = () => words();",
    });

    const sources = handlerSources(folder.path, { functions: { greet } });
    const built = bundleHandlers(folder.path, sources, 'deploy');

    await expect(built).rejects.toThrow(BuildError);
    await expect(built).rejects.toThrow(/Could not resolve "\.\/missing\.ts"[^]*greet\.ts:1:22/);
  });

  it('gives require to a bundle that calls it, and to no other', async () => {
    await using folder = await serviceFolder({
      [SOURCE]: "import legacy from './legacy.cjs';\nexport const handler = () => legacy;",
      'functions/greeting/legacy.cjs': "module.exports = require('node:os').EOL;",
      'functions/greeting/modern.ts': 'export const handler = () => 1;',
    });
    const modern = { name: 'modern', handler: 'dist/functions/greeting/modern.handler' };

    const { bundles } = await bundleHandlers(
      folder.path,
      handlerSources(folder.path, { functions: { greet, modern } }),
      'deploy',
    );

    const usesRequire = Object.fromEntries(
      bundles.map(({ functionKey, code }) => [
        functionKey,
        Buffer.from(code).includes('createRequire'),
      ]),
    );
    expect(usesRequire).toEqual({ greet: true, modern: false });
  });

  it('keeps names and a source map that says where the source is, for this machine', async () => {
    await using folder = await serviceFolder({
      [SOURCE]: "export const handler = () => {\n  throw new Error('on line two');\n};",
    });
    const sources = handlerSources(folder.path, { functions: { greet } });

    const { bundles } = await bundleHandlers(folder.path, sources, 'local');

    const code = Buffer.from(bundles[0]?.code ?? []).toString();
    const [, data = ''] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(code) ?? [];
    const map = JSON.parse(Buffer.from(data, 'base64').toString()) as { sources: string[] };
    expect(code).toContain('throw new Error("on line two")');
    expect(map.sources).toEqual([pathToFileURL(join(folder.path, SOURCE)).href]);
  });

  it('refuses a handler below the output folder that has no source file', async () => {
    await using folder = await serviceFolder({ [SOURCE]: 'export const handler = () => 1;' });
    const gone = { name: 'gone', handler: 'dist/functions/greeting/gone.handler' };

    const find = (): unknown => handlerSources(folder.path, { functions: { gone } });

    expect(find).toThrow(HandlerSourceError);
    expect(find).toThrow('no file functions/greeting');
  });

  it('builds a TypeScript handler that is named by its own path', async () => {
    await using folder = await serviceFolder({ [SOURCE]: 'export const handler = () => 1;' });
    const plain = { name: 'plain', handler: 'functions/greeting/greet.handler' };

    const sources = handlerSources(folder.path, { functions: { plain } });
    const { bundles } = await bundleHandlers(folder.path, sources, 'deploy');

    expect(bundles.map(({ path }) => path)).toEqual(['functions/greeting/greet.js']);
  });

  it.each([
    ['is JavaScript', { name: 'f', handler: 'lib/plain.handler' }],
    ['is CommonJS by its ending', { name: 'f', handler: 'lib/common.handler' }],
    ['comes in an artifact', { ...greet, package: { artifact: 'greet.zip' } }],
    ['is an image', { name: 'f' }],
  ])('leaves a function alone that %s', async (_case, definition) => {
    await using folder = await serviceFolder({
      [SOURCE]: 'export const handler = () => 1;',
      'lib/plain.js': '',
      'lib/common.cjs': '',
    });

    expect(handlerSources(folder.path, { functions: { f: definition } })).toEqual([]);
  });

  it('takes the output folder from the settings, and builds nothing when told so', async () => {
    await using folder = await serviceFolder({ [SOURCE]: 'export const handler = () => 1;' });
    const functions = { f: { name: 'f', handler: 'out/functions/greeting/greet.handler' } };

    const built = handlerSources(folder.path, { functions, custom: custom({ output: './out/' }) });
    const unbuilt = handlerSources(folder.path, { functions, custom: custom({ build: false }) });

    expect(built.map(({ source }) => source)).toEqual([SOURCE]);
    expect(unbuilt).toEqual([]);
    expect(() =>
      handlerSources(folder.path, { functions, custom: custom({ sample: 'events' }) }),
    ).toThrow(SettingsError);
  });
});
