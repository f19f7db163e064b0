import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'template-runtime.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'old-node-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the command in a process that takes itself for another version of Node.js. */
const runUnder = (version: string, command: string, ...parameters: string[]) =>
  promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `Object.defineProperty(process, 'versions', { value: { node: ${JSON.stringify(version)} } });
       await import(${JSON.stringify(command)});`,
      '--',
      command,
      ...parameters,
    ],
    { cwd: folder },
  );

describe('The command template-runtime under an old Node.js', () => {
  it('runs with the Node.js that a package of the platform brings', async () => {
    const { stdout } = await runUnder('20.19.0', COMMAND, '--help');

    expect(stdout).toContain('Usage: template-runtime run <template>');
  });

  it('says what is needed where no package brings one', async () => {
    // Prepare
    const alone = join(folder, 'template-runtime.mjs');
    await copyFile(COMMAND, alone);

    // Act
    const running = runUnder('20.19.0', alone, '--help');

    // Assess
    await expect(running).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/needs Node\.js 24, and this is 20\.19\.0.*node@24/),
    });
  });
});
