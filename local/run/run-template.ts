import { dirname, join, resolve } from 'node:path';
import { startSystem, type System } from '../system/start-system.ts';
import { CodeFolders, withoutLocalCode } from './code-folders.ts';
import { readTemplateFile } from './template-file.ts';

export interface RunTemplateOptions {
  /**
   * The folder of the functions' code; the template's own unless given. A function's code is found
   * by `aws:asset:path` of its metadata (CDK), by a local path in `Code`, or in this folder: as a
   * folder named for the function's logical id (SAM), as a .zip file or folder named for its S3 key,
   * or else as the module that its handler names.
   */
  code?: string;
  /** Values for the template's parameters; the others take their default. */
  parameters?: Record<string, string>;
  /** `us-east-1` unless given. */
  region?: string;
  /** The port on 127.0.0.1: 4566 unless given, any free one where it is taken or 0. */
  port?: number;
  /** Keeps the state below this folder; in memory without it. */
  dataDir?: string;
  /** Starts with what is left when the data folder has lost something. */
  acceptDataLoss?: boolean;
  /** `local` unless given. */
  stackName?: string;
  /** False leaves queues unread. */
  runEventSources?: boolean;
}

const DEFAULT_PORT = 4566;

/**
 * Runs a CloudFormation template that some other tool has made, with code that some other tool has
 * built: the output of the CDK, of SAM, or one written by hand.
 *
 * @param template the path of a JSON or YAML file, or the parsed template
 * @throws TemplateFileError, TemplateError, ProvisioningError, CodeMissingError, DataDamagedError,
 *   StoreIncompleteError
 */
export async function runTemplate(
  template: string | object,
  options: RunTemplateOptions = {},
): Promise<System> {
  const file = typeof template === 'string' ? resolve(template) : undefined;
  const parsed = withoutLocalCode(file === undefined ? template : await readTemplateFile(file));
  const templateFolder = file === undefined ? process.cwd() : dirname(file);
  const work = join(process.cwd(), '.local');
  const folders = new CodeFolders(parsed, {
    code: options.code ?? templateFolder,
    templateFolder,
    layOutFolder: join(work, 'code'),
  });
  return startSystem({
    template: parsed,
    codeFolder: (logicalId, s3Key) => folders.of(logicalId, s3Key),
    port: options.port ?? DEFAULT_PORT,
    anyPortIfTaken: true,
    runEventSources: options.runEventSources ?? true,
    compileCacheFolder: join(work, 'compile-cache'),
    ...(options.stackName === undefined ? {} : { stackName: options.stackName }),
    ...(options.parameters === undefined ? {} : { parameters: options.parameters }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.acceptDataLoss === undefined ? {} : { acceptDataLoss: options.acceptDataLoss }),
    ...(options.dataDir === undefined ? {} : { dataDir: resolve(options.dataDir) }),
  });
}
