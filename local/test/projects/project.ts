import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { frameworkProgram } from '../../exports/package.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');

/** A project of this folder, copied to where it has build results of its own. */
export interface Project extends AsyncDisposable {
  path: string;
  /** Runs it by `sls local` and gives the address of its endpoint. */
  start(): Promise<string>;
  /** Runs a template of it by the command `template-runtime run`. */
  run(...parameters: string[]): Promise<string>;
  /** What was said at the start. */
  readonly said: string;
}

/** A start packages, beside other tests on the same machine. */
export const PROJECT_TIMEOUT_MS = 60_000;

export async function project(name: string): Promise<Project> {
  const path = await mkdtemp(join(tmpdir(), `project ${name}-`));
  await cp(join(import.meta.dirname, name), path, { recursive: true });
  // As npm would install it, and nothing else.
  await mkdir(join(path, 'node_modules'));
  await symlink(join(REPOSITORY, 'local'), join(path, 'node_modules', 'template-runtime'));
  const said: string[] = [];
  let child: ChildProcess | undefined;
  const startProgram = async (parameters: string[]): Promise<string> => {
    child = spawn(process.execPath, [...parameters, '--port=0', '--json'], {
      cwd: path,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (!child.stderr) throw new Error(`${name} has no standard error`);
    for await (const line of createInterface(child.stderr)) {
      said.push(line);
      if (line.startsWith('Ctrl-C')) break;
    }
    child.stderr.resume();
    const [, url] = /runs at (http:\S+)/.exec(said.join('\n')) ?? [];
    if (url === undefined) throw new Error(`${name} did not start:\n${said.join('\n')}`);
    return url;
  };
  return {
    path,
    start: () => startProgram([frameworkProgram(REPOSITORY), 'local']),
    run: (...parameters) =>
      startProgram([join(REPOSITORY, 'local', 'bin', 'template-runtime.js'), 'run', ...parameters]),
    get said() {
      return said.join('\n');
    },
    async [Symbol.asyncDispose]() {
      if (child && child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      await rm(path, { recursive: true, force: true });
    },
  };
}
