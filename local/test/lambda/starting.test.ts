import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../manual-clock.ts';
import { LocalLambda } from './local-lambda.ts';

const open: LocalLambda[] = [];
const start = (options?: ConstructorParameters<typeof LocalLambda>[0]): LocalLambda => {
  const lambda = new LocalLambda(options);
  open.push(lambda);
  return lambda;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((lambda) => lambda.close()));
});

const isStart = ({ line }: { line: string }): boolean => line.endsWith('starting');

describe('a start that takes longer than ten seconds', () => {
  it('is made once more, within the function’s timeout', async () => {
    const clock = new ManualClock();
    const lambda = start({ clock });
    await lambda.add(
      'slow',
      `import { existsSync, writeFileSync } from 'node:fs';
       const marker = import.meta.dirname + '/started';
       if (!existsSync(marker)) {
         writeFileSync(marker, '');
         console.log('first start');
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       }
       export const handler = async () => 'second start';`,
    );
    const running = lambda.invoke('slow');
    await lambda.activity.waitFor('function-logged', ({ line }) => line.endsWith('first start'));

    clock.advance(10_000);
    const { payload, logs } = await running;

    expect(payload).toBe('"second start"');
    expect(logs.join('\n')).toMatch(
      /INIT_REPORT Init Duration: .* ms\tPhase: init\tStatus: timeout/,
    );
  });

  it('fails by the function’s timeout when it takes too long again', async () => {
    const clock = new ManualClock();
    const lambda = start({ clock });
    await lambda.add(
      'stuck',
      `console.log('starting');
       await new Promise((resolve) => setTimeout(resolve, 60_000));
       export const handler = async () => 1;`,
      { timeoutSeconds: 3 },
    );
    const running = lambda.invoke('stuck');
    const first = await lambda.activity.waitFor('function-logged', isStart);
    clock.advance(10_000);
    await lambda.activity.waitFor('function-logged', isStart, { after: first.sequence });

    clock.advance(3_000);

    expect((await running).payload).toContain('Task timed out after 3.00 seconds');
  });
});

/** A package `name` in the node_modules of `folder`. */
async function installed(folder: string, name: string): Promise<void> {
  const module = join(folder, 'node_modules', name);
  await mkdir(module, { recursive: true });
  await writeFile(join(module, 'package.json'), '{"main":"index.js"}');
  await writeFile(join(module, 'index.js'), `module.exports = '${name}';`);
}

async function serviceWith(name: string, source: string) {
  const lambda = start();
  const service = await lambda.packageOf({});
  const codeFolder = join(service, 'code');
  await mkdir(codeFolder);
  await writeFile(join(codeFolder, 'package.json'), '{"type":"module"}');
  await writeFile(join(codeFolder, 'index.js'), source);
  await lambda.add(name, '', { codeFolder });
  return { lambda, service, codeFolder };
}

describe('the modules of a function', () => {
  it.each([
    { kind: 'import', source: "import x from 'forgotten'; export const handler = async () => x;" },
    {
      kind: 'require',
      source: `import { createRequire } from 'node:module';
        const x = createRequire(import.meta.url)('forgotten');
        export const handler = async () => x;`,
    },
  ])('are not found by $kind outside its package', async ({ kind, source }) => {
    const { lambda, service } = await serviceWith(kind, source);
    await installed(service, 'forgotten');

    expect(await lambda.answerOf(kind)).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find package 'forgotten'"),
    });
  });

  it('are found within its package', async () => {
    const { lambda, codeFolder } = await serviceWith(
      'packaged',
      "import x from 'packaged'; export const handler = async () => x;",
    );
    await installed(codeFolder, 'packaged');

    expect(await lambda.answerOf('packaged')).toBe('packaged');
  });

  it('include the AWS SDK, which the runtime brings', async () => {
    const { lambda, service } = await serviceWith(
      'sdk',
      "import x from '@aws-sdk/made-up'; export const handler = async () => x;",
    );
    await installed(service, '@aws-sdk/made-up');

    expect(await lambda.answerOf('sdk')).toBe('@aws-sdk/made-up');
  });
});
