import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inEffect } from './in-effect.ts';
import { parseTemplate, type Template } from 'template-runtime/template';
import { openPackage } from 'template-runtime/package';
import { whileHoldingLock } from './package-lock.ts';

/** The service as `sls package` made it from the working tree. */
export interface PackagedService {
  /** As it takes effect in its stage, with a sender of mails: without what its conditions leave out. */
  template: Template;
  /** With its conditions, and what they leave out. */
  wholeTemplate: Template;
  /** The template's text, byte for byte as CloudFormation would get it. */
  templateText: string;
  /** Holds the template and one .zip file per function. */
  packageFolder: string;
  /** The folder with a function's code, unpacked from the artifact of that S3 key. */
  codeFolder: (functionLogicalId: string, s3Key: string) => Promise<string>;
}

/** What the package is made of. A change in any of these files makes another package. */
const SOURCES = [
  'serverless.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'resources',
  'functions',
  'shared',
];
/** What makes it. Packages lie below the repository and find it there. */
const BUILD = join('local', 'build');
const REPOSITORY = join(import.meta.dirname, '..', '..');
/** Every package lies in a folder named for its content, and is a service folder of its own. */
const PACKAGES = join(REPOSITORY, '.local', 'packages');
const TEMPLATE_FILE = join('.serverless', 'cloudformation-template-update-stack.json');
const KEEP_UNUSED_MS = 60 * 60 * 1000;

/** How long `beforeAll` should allow for `packagedService`: packaging takes about 3 seconds. */
export const PACKAGING_TIMEOUT_MS = 60_000;

type Stage = 'dev' | 'prod';

const opened = new Map<Stage, Promise<PackagedService>>();

/**
 * Packages the service as `sls package` does, once for all test files that run at the same time and
 * for later runs with unchanged sources. The working tree's own `.serverless` and `dist` stay as
 * they are.
 */
export function packagedService(stage: Stage = 'dev'): Promise<PackagedService> {
  const service = opened.get(stage) ?? open(stage);
  opened.set(stage, service);
  return service;
}

async function open(stage: Stage): Promise<PackagedService> {
  await mkdir(PACKAGES, { recursive: true });
  const folder = join(PACKAGES, `${await contentHash()}-${stage}`);
  if (!existsSync(folder)) {
    await whileHoldingLock(`packaging ${folder}`, async () => {
      if (existsSync(folder)) return;
      await removeUnusedPackages();
      await packageInto(folder, stage);
    });
  }
  const templateText = await readFile(join(folder, TEMPLATE_FILE), 'utf8');
  const { template, codeFolder } = await openPackage(folder);
  const wholeTemplate = parseTemplate(template);
  return {
    template: inEffect(wholeTemplate, { EmailSender: 'orders@example.org' }),
    wholeTemplate,
    templateText,
    packageFolder: join(folder, '.serverless'),
    codeFolder,
  };
}

/** The folder appears by one rename, so that one that exists is complete. */
async function packageInto(folder: string, stage: Stage): Promise<void> {
  const unfinished = `${folder}.${process.pid}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  for (const source of SOURCES) {
    await cp(join(REPOSITORY, source), join(unfinished, source), { recursive: true });
  }
  const framework = join(REPOSITORY, 'node_modules', 'osls', 'bin', 'serverless.js');
  await promisify(execFile)(process.execPath, [framework, 'package', '--stage', stage], {
    cwd: unfinished,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await rename(unfinished, folder);
}

async function contentHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of [...SOURCES, BUILD]) {
    for (const file of await filesUnder(join(REPOSITORY, source))) {
      hash
        .update(file)
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 24);
}

async function filesUnder(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function removeUnusedPackages(): Promise<void> {
  for (const name of await readdir(PACKAGES)) {
    const folder = join(PACKAGES, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > KEEP_UNUSED_MS) await rm(folder, { recursive: true, force: true });
  }
}
