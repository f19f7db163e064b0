import { close, open, url } from 'node:inspector';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { LocalLambda } from './local-lambda.ts';

const lambda = new LocalLambda();
afterAll(() => lambda.close());

describe('while a debugger may be attached to the runtime', () => {
  it('functions are not timed, and can be debugged at ports of their own', async () => {
    // Below the range that the system hands out: the port after it is nobody's.
    open(20_000 + (process.pid % 10_000), '127.0.0.1');
    const ownPort = Number(new URL(url() ?? '').port);
    await lambda.add(
      'debugged',
      `import { url } from 'node:inspector';
       export const handler = async () => {
         await new Promise((resolve) => setTimeout(resolve, 300));
         return new URL(url()).port;
       };`,
      { timeoutSeconds: 0.1 },
    );

    const port = await lambda.answerOf('debugged');
    close();

    expect(Number(port)).toBeGreaterThan(ownPort);
  });
});

describe('a stack', () => {
  it('names file and line of the source where the code has a source map', async () => {
    const folder = await lambda.packageOf({
      'order.ts': `type Order = { id: string };

export const handler = async (order: Order): Promise<void> => {
  throw new RangeError(order.id);
};
`,
    });
    await build({
      entryPoints: [join(folder, 'order.ts')],
      outfile: join(folder, 'index.js'),
      bundle: true,
      minify: true,
      format: 'esm',
      sourcemap: true,
    });
    await lambda.add('mapped', '', { codeFolder: folder });

    const { payload } = await lambda.invoke('mapped', { id: 'ORD-1' });

    expect(payload).toContain('order.ts:4:');
  });
});
