import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { serviceFolder, type ServiceFolder } from './service-folder.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
/** What the service has installed. */
const INSTALLED = { 'template-runtime': 'local', osls: join('node_modules', 'osls') };
const LIMIT_MS = 60_000;

/** A service of one function and one included file. */
async function greeter(): Promise<ServiceFolder> {
  const folder = await serviceFolder({
    'package.json': '{"type":"module"}',
    'serverless.yml': `
service: greeter
frameworkVersion: '4'
plugins:
  - template-runtime
provider:
  name: aws
  runtime: nodejs24.x
  region: us-east-1
package:
  individually: true
functions:
  greet:
    handler: src/greet.handler
resources:
  - \${file(parts/\${sls:stage}.yml)}
`,
    'parts/dev.yml': 'Description: dev',
    'parts/prod.yml': 'Description: prod',
    'src/greet.ts': "import { word } from '../words/word.ts';\nexport const handler = () => word;",
    'words/word.ts': "export const word = 'hello';",
  });
  await mkdir(join(folder.path, 'node_modules'));
  for (const [name, place] of Object.entries(INSTALLED)) {
    await symlink(join(REPOSITORY, place), join(folder.path, 'node_modules', name));
  }
  return folder;
}

/** Calls `ensurePackaged` in a process of its own, and gives what it answers. */
async function ensurePackaged(folder: ServiceFolder, options = {}): Promise<string> {
  const module = pathToFileURL(join(REPOSITORY, 'local', 'exports', 'package.ts')).href;
  const program = `import { ensurePackaged } from ${JSON.stringify(module)};
    console.log(await ensurePackaged(${JSON.stringify(folder.path)}, ${JSON.stringify(options)}));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => output.push(chunk));
  }
  await once(child, 'close');
  return Buffer.concat(output).toString().trim();
}

const templateOf = (folder: ServiceFolder): Promise<string> =>
  readFile(join(folder.path, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8');

describe('A package', () => {
  it(
    'is made again for another stage, and not for the same one',
    async () => {
      await using folder = await greeter();

      const first = await ensurePackaged(folder, { stage: 'prod' });
      const same = await ensurePackaged(folder, { stage: 'prod' });
      const other = await ensurePackaged(folder);

      expect([first, same, other]).toEqual(['true', 'false', 'true']);
      expect(await templateOf(folder)).toContain('greeter-dev-greet');
    },
    LIMIT_MS,
  );

  it.each(['words/word.ts', 'parts/dev.yml'])(
    'is made again when %s changes',
    async (file) => {
      await using folder = await greeter();
      await ensurePackaged(folder);
      const later = new Date(Date.now() + 60_000);

      await utimes(join(folder.path, file), later, later);

      expect(await ensurePackaged(folder)).toBe('true');
    },
    LIMIT_MS,
  );

  it(
    'is made once when three need it at once, and is whole for all of them',
    async () => {
      await using folder = await greeter();

      const made = await Promise.all([1, 2, 3].map(() => ensurePackaged(folder)));

      expect(made.toSorted()).toEqual(['false', 'false', 'true']);
      expect(await templateOf(folder)).toContain('greeter-dev-greet');
    },
    LIMIT_MS,
  );
});
