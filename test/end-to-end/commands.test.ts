import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { frameworkProgram } from 'template-runtime/package';
import { temporaryFolder } from './running-service.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const LIMIT_MS = 120_000;
const SAMPLE = 'events/placeOrder/base64-body.json';

let folder: { path: string } & AsyncDisposable;

/** A folder with the service in it and build results of its own. */
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(folder.path, { recursive: true });
  for (const name of ['functions', 'shared', 'local', 'resources', 'events', 'node_modules']) {
    await symlink(join(REPOSITORY, name), join(folder.path, name));
  }
  for (const name of ['serverless.yml', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    await copyFile(join(REPOSITORY, name), join(folder.path, name));
  }
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const environment = { ...process.env, NODE_OPTIONS: '' };

interface Ended {
  code: number;
  output: string;
}

const sls = (...parameters: string[]): Promise<Ended> => slsWithInput(undefined, ...parameters);

function slsWithInput(input: string | undefined, ...parameters: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [frameworkProgram(REPOSITORY), ...parameters],
      { cwd: folder.path, env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      },
    );
    child.stdin?.end(input);
  });
}

/** Resolves with the first line that has this in it. */
async function lineWith(lines: AsyncIterable<string>, text: string): Promise<string> {
  for await (const line of { [Symbol.asyncIterator]: () => stayingOpen(lines) }) {
    if (line.includes(text)) return line;
  }
  throw new Error(`No line has "${text}"`);
}

/** More lines are read after the one that was waited for. */
function stayingOpen(lines: AsyncIterable<string>): AsyncIterator<string> {
  const iterator = lines[Symbol.asyncIterator]();
  return { next: () => iterator.next() };
}

describe('sls invoke local', () => {
  it(
    'brings up what the function needs, tells what it did, and goes',
    async () => {
      const { code, output } = await sls('invoke', 'local', '-f', 'placeOrder', '-p', SAMPLE);

      expect(output).toContain('a system of its own');
      expect(output).toContain('→ OrderIntakeQueue');
      expect(output).toMatch(/"statusCode": 202/);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'takes the event that is piped in',
    async () => {
      const { output } = await slsWithInput(
        '{"routeKey":"piped"}',
        'invoke',
        'local',
        '-f',
        'placeOrder',
      );

      expect(output).toContain('event the standard input');
    },
    LIMIT_MS,
  );

  it.each([
    ['a function that there is not', ['-f', 'placeOrders'], 'There is no function "placeOrders"'],
    ['an option that it has not', ['-f', 'placeOrder', '-d', '{}', '--docker'], 'no --docker here'],
  ])(
    'ends with an error for %s',
    async (_case, parameters, message) => {
      const { code, output } = await sls('invoke', 'local', ...parameters);

      expect(output).toContain(message);
      expect(code).toBe(1);
    },
    LIMIT_MS,
  );
});

describe('sls local', () => {
  it(
    'runs the service until Ctrl-C, and sls invoke local uses it meanwhile',
    async () => {
      // Prepare
      const child = spawn(
        process.execPath,
        [frameworkProgram(REPOSITORY), 'local', '--port=0', '--json'],
        { cwd: folder.path, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
      );
      const exited = once(child, 'exit');
      const announcement = join(folder.path, '.local', 'running', `${child.pid}.json`);
      for await (const line of createInterface(child.stderr)) if (line.includes('Ctrl-C')) break;

      // Act
      const invoked = await sls('invoke', 'local', '-f', 'placeOrder', '-p', SAMPLE);
      const ofProd = await sls('invoke', 'local', '-f', 'placeOrder', '-p', SAMPLE, '--stage=prod');
      const announced = existsSync(announcement);
      child.kill('SIGINT');
      const [code] = (await exited) as [number];

      // Assess
      expect(invoked.output).toContain('the system at http://127.0.0.1:');
      expect(invoked.output).toContain('→ OrderIntakeQueue');
      expect(invoked.code).toBe(0);
      expect(ofProd.output).toContain('a system of its own');
      expect(ofProd.code).toBe(0);
      expect(announced).toBe(true);
      expect(code).toBe(0);
      expect(existsSync(announcement)).toBe(false);
    },
    LIMIT_MS,
  );

  it(
    'starts again on the same port when its configuration changes, unless that is broken',
    async () => {
      // Prepare
      const configuration = join(folder.path, 'serverless.yml');
      const before = await readFile(configuration, 'utf8');
      const child = spawn(
        process.execPath,
        [frameworkProgram(REPOSITORY), 'local', '--port=0', '--json', '--region=eu-west-1'],
        { cwd: folder.path, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
      );
      const exited = once(child, 'exit');
      const lines = createInterface(child.stderr);
      const reported = lines[Symbol.asyncIterator]();
      const next = { [Symbol.asyncIterator]: () => reported };
      const first = await lineWith(next, 'runs at');
      await lineWith(next, 'Ctrl-C');

      // Act
      await writeFile(configuration, `${before}\nnonsense: true\n`);
      const refused = await lineWith(next, 'cannot be used');
      await lineWith(next, 'runs on');
      await writeFile(configuration, before.replace('sls:stage}', 'sls:stage}-again'));
      await lineWith(next, 'restarting');
      const second = await lineWith(next, 'runs at');
      await lineWith(next, 'Ctrl-C');
      child.kill('SIGINT');
      await exited;
      await writeFile(configuration, before);

      // Assess
      const address = /http:\S+/;
      expect(refused).toContain('The changed configuration');
      expect(address.exec(second)?.[0]).toBe(address.exec(first)?.[0]);
    },
    LIMIT_MS,
  );

  it(
    'ends with npm start when that is told to stop',
    async () => {
      // Prepare
      const npm = spawn('npm', ['start', '--', '--port=0', '--quiet'], {
        cwd: folder.path,
        env: environment,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const reported = createInterface(npm.stdout)[Symbol.asyncIterator]();
      const lines = { [Symbol.asyncIterator]: () => reported };
      await lineWith(lines, 'Ctrl-C');
      const running = join(folder.path, '.local', 'running');
      const announcedBefore = await readdir(running);

      // Act
      npm.kill('SIGTERM');
      await lineWith(lines, 'Stopped.');

      // Assess
      expect(announcedBefore).toHaveLength(1);
      expect(await readdir(running)).toEqual([]);
    },
    LIMIT_MS,
  );
});
