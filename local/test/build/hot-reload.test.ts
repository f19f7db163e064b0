import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CodeReloader } from '../../build/code-reloader.ts';
import { handlerSources } from '../../build/handler-source.ts';
import { LocalCode } from '../../build/local-code.ts';
import { serviceFolder, type ServiceFolder } from './service-folder.ts';

const functions = {
  greet: { name: 'service-dev-greet', handler: 'dist/functions/greet.handler' },
  count: { name: 'service-dev-count', handler: 'dist/functions/count.handler' },
};

const twoFunctions = (): Promise<ServiceFolder> =>
  serviceFolder({
    'functions/greet.ts': "export const handler = () => 'first';",
    'functions/count.ts': 'export const handler = () => 1;',
  });

/** A reloader that has built once, and what it reports from then on. */
async function reloaderOf(folder: ServiceFolder) {
  const replaced: { functionKey: string; folder: string }[] = [];
  const errors: unknown[] = [];
  let reported = Promise.withResolvers<void>();
  const reloader = new CodeReloader(
    {
      code: new LocalCode(
        folder.path,
        handlerSources(folder.path, { functions }),
        join(folder.path, 'code'),
      ),
      replaceCode: async (functionKey, codeFolder) => {
        replaced.push({ functionKey, folder: codeFolder });
      },
      onReloaded: () => reported.resolve(),
      onError: (error) => {
        errors.push(error);
        reported.resolve();
      },
    },
    new Map(),
  );
  await reloader.reload();
  replaced.length = 0;
  reported = Promise.withResolvers();
  return {
    reloader,
    replaced,
    errors,
    nextReport: () => reported.promise,
    [Symbol.asyncDispose]: () => reloader.close(),
  };
}

describe('Hot reload', () => {
  it('replaces the code of the function whose file changed, and of no other', async () => {
    // Prepare
    await using folder = await twoFunctions();
    await using watching = await reloaderOf(folder);
    watching.reloader.start();

    // Act
    await folder.write('functions/greet.ts', "export const handler = () => 'second';");
    await watching.nextReport();

    // Assess
    expect(watching.replaced.map(({ functionKey }) => functionKey)).toEqual(['greet']);
    const code = join(watching.replaced[0]?.folder ?? '', 'dist/functions/greet.js');
    expect(await readFile(code, 'utf8')).toContain('second');
  });

  it('notices a file in any folder that a function imports from', async () => {
    // Prepare
    await using folder = await serviceFolder({
      'functions/greet.ts':
        "import { word } from '../words/word.ts';\nexport const handler = () => word;",
      'functions/count.ts': 'export const handler = () => 1;',
      'words/word.ts': "export const word = 'first';",
    });
    await using watching = await reloaderOf(folder);
    watching.reloader.start();

    // Act
    await folder.write('words/word.ts', "export const word = 'second';");
    await watching.nextReport();

    // Assess
    expect(watching.replaced.map(({ functionKey }) => functionKey)).toEqual(['greet']);
  });

  it('keeps the code from before when the new one does not build', async () => {
    await using folder = await twoFunctions();
    await using watching = await reloaderOf(folder);

    await folder.write('functions/greet.ts', 'export const handler = () => {');
    await watching.reloader.reload();

    expect(watching.replaced).toEqual([]);
    expect(watching.errors).toEqual([
      expect.objectContaining({ name: 'BuildError', message: expect.stringContaining('greet.ts') }),
    ]);
  });
});
