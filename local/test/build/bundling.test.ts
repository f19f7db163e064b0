import { describe, expect, it } from '@jest/globals';
import { bundleHandlers, BuildError } from '../../build/bundler.ts';
import { handlerSources, HandlerSourceError } from '../../build/handler-source.ts';
import { serviceFolder } from './service-folder.ts';

const greet = { name: 'service-dev-greet', handler: 'dist/functions/greeting/greet.handler' };
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
    const sources = handlerSources(folder.path, { greet });
    const [bundle] = await bundleHandlers(folder.path, sources);

    // Assess
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

    const built = bundleHandlers(folder.path, handlerSources(folder.path, { greet }));

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

    const bundles = await bundleHandlers(
      folder.path,
      handlerSources(folder.path, { greet, modern }),
    );

    const usesRequire = Object.fromEntries(
      bundles.map(({ functionKey, code }) => [
        functionKey,
        Buffer.from(code).includes('createRequire'),
      ]),
    );
    expect(usesRequire).toEqual({ greet: true, modern: false });
  });

  it.each([
    ['outside dist', 'functions/greeting/greet.handler', 'it must be dist/'],
    ['without a source file', 'dist/functions/greeting/gone.handler', 'no file functions/greeting'],
  ])('refuses a handler %s', async (_case, handler, message) => {
    await using folder = await serviceFolder({ [SOURCE]: 'export const handler = () => 1;' });

    const find = (): unknown => handlerSources(folder.path, { greet: { ...greet, handler } });

    expect(find).toThrow(HandlerSourceError);
    expect(find).toThrow(message);
  });
});
