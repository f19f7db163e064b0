import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const ENTRY = join(import.meta.dirname, '..', '..', 'framework', 'index.cjs');

/** Loads the plugin's entry in a process that takes itself for another version of Node.js. */
const loadUnder = (version: string) =>
  promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--eval',
    `Object.defineProperty(process, 'versions', { value: { node: ${JSON.stringify(version)} } });
     console.log(typeof require(${JSON.stringify(ENTRY)}));`,
  ]);

describe("The plugin's entry", () => {
  it('says under an old Node.js what is needed and how to get it', async () => {
    const loading = loadUnder('20.19.0');

    await expect(loading).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/needs Node\.js 24 or newer.*npx sls/s),
    });
  });

  it('loads the plugin under a current one', async () => {
    const { stdout } = await loadUnder('24.0.0');

    expect(stdout.trim()).toBe('function');
  });
});
