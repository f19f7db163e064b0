import { readdirSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { hasErrorCode } from '../errors/error-code.ts';
import type { CommandOptions } from '../framework/framework.ts';
import { parseJson } from '../json/parse-json.ts';

/** The options of `sls package` that make another package of the same sources. */
export interface PackageOptions {
  stage?: string | undefined;
  region?: string | undefined;
  /** `key=value` of each `--param`. */
  param?: string[] | undefined;
}

const schema = z.strictObject({
  options: z.strictObject({
    stage: z.string().optional(),
    region: z.string().optional(),
    param: z.array(z.string()).optional(),
  }),
  /** Relative to the service. */
  inputs: z.array(z.string()),
  /** False where the framework chose the files of a function, which are not known here. */
  complete: z.boolean(),
});

/** What lies beside a package: how it was asked for, and the files that it was made of. */
export type PackageRecord = z.infer<typeof schema>;

const commandLine = z.object({
  stage: z.string().optional(),
  region: z.string().optional(),
  param: z.array(z.string()).optional(),
});

/** Those of a command line that make another package. */
export const packageOptions = (options: CommandOptions): PackageRecord['options'] =>
  commandLine.parse({
    stage: options['stage'] ?? undefined,
    region: options['region'] ?? undefined,
    param: options['param'] ?? undefined,
  });

const fileIn = (packageFolder: string): string => join(packageFolder, 'template-runtime.json');

export async function writePackageRecord(
  packageFolder: string,
  record: PackageRecord,
): Promise<void> {
  await mkdir(packageFolder, { recursive: true });
  await writeFile(fileIn(packageFolder), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** True when the package was asked for alike, and nothing that it was made of has changed since. */
export async function packageIsFresh(
  serviceFolder: string,
  packageFolder: string,
  options: PackageOptions,
): Promise<boolean> {
  const record = await readRecord(packageFolder);
  if (!record?.complete || !sameOptions(record.options, options)) return false;
  const packagedAt = await modifiedAt(fileIn(packageFolder));
  const times = await Promise.all(
    [...record.inputs, ...ownFiles(serviceFolder)].map((input) =>
      modifiedAt(join(serviceFolder, input)),
    ),
  );
  return times.every((time) => time !== undefined && packagedAt !== undefined && time < packagedAt);
}

async function readRecord(packageFolder: string): Promise<PackageRecord | undefined> {
  try {
    return schema.safeParse(parseJson(await readFile(fileIn(packageFolder), 'utf8'))).data;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const sameOptions = (left: PackageOptions, right: PackageOptions): boolean =>
  left.stage === right.stage &&
  left.region === right.region &&
  (left.param ?? []).join('\0') === (right.param ?? []).join('\0');

/** Another build makes another package. */
const ownFiles = (serviceFolder: string): string[] =>
  readdirSync(import.meta.dirname).map((name) =>
    relative(serviceFolder, join(import.meta.dirname, name)),
  );

async function modifiedAt(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
