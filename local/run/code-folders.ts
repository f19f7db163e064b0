import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { layOutArtifact, readArtifact } from '../build/artifact.ts';

/** No code was found for a function of the template. */
export class CodeMissingError extends Error {
  override readonly name = 'CodeMissingError';
}

/** What a template says of where a function's code is, before it is deployed. */
interface FunctionCode {
  /** `aws:asset:path` of the CDK, or a local path in `Code` or `CodeUri`; beside the template. */
  local: string | undefined;
  handler: string | undefined;
}

const MODULE_EXTENSIONS = ['.js', '.mjs', '.cjs'];

/** Finds the functions' code on this machine: a folder, or a .zip file that is laid out in one. */
export class CodeFolders {
  readonly #resources: Record<string, unknown>;
  readonly #code: string;
  readonly #templateFolder: string;
  readonly #layOutFolder: string;

  /**
   * @param options.code holds the code: a folder named for each function's logical id or for its
   *   asset, a .zip file named for its S3 key, or the one folder that all handlers are in
   * @param options.layOutFolder where .zip files are laid out
   */
  constructor(
    template: unknown,
    options: { code: string; templateFolder: string; layOutFolder: string },
  ) {
    this.#resources = objectOf(objectOf(template)['Resources']);
    this.#code = resolve(options.code);
    this.#templateFolder = resolve(options.templateFolder);
    this.#layOutFolder = options.layOutFolder;
  }

  /** @throws CodeMissingError that lists where it was looked for */
  async of(logicalId: string, s3Key: string): Promise<string> {
    const { local, handler } = functionCode(this.#resources[logicalId]);
    const key = basename(s3Key);
    const places = [
      ...(local === undefined ? [] : [join(this.#templateFolder, local), join(this.#code, local)]),
      join(this.#code, logicalId),
      join(this.#code, `${logicalId}.zip`),
      join(this.#code, s3Key),
      join(this.#code, key),
      // The CDK names an asset for its key, with its kind in front and the ending only of a file.
      join(this.#code, `asset.${key}`),
      join(this.#code, `asset.${key.replace(/\.zip$/, '')}`),
    ];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) {
      return statSync(found).isDirectory()
        ? found
        : layOutArtifact(await readArtifact(found), this.#layOutFolder);
    }
    if (handler !== undefined && holdsModule(this.#code, handler)) return this.#code;
    throw new CodeMissingError(
      `There is no code of ${logicalId}; looked for ${[...new Set(places)].join(', ')}${handler === undefined ? '' : ` and for the module of "${handler}" in ${this.#code}`}`,
    );
  }
}

function functionCode(resource: unknown): FunctionCode {
  const { Metadata: metadata, Properties: properties } = objectOf(resource);
  const { Code: code, CodeUri: codeUri, Handler: handler } = objectOf(properties);
  const local = [objectOf(metadata)['aws:asset:path'], codeUri, code].find(
    (value) => typeof value === 'string',
  );
  return { local, handler: typeof handler === 'string' ? handler : undefined };
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

function holdsModule(folder: string, handler: string): boolean {
  const module = handler.slice(0, handler.lastIndexOf('.'));
  return MODULE_EXTENSIONS.some((extension) => existsSync(join(folder, module + extension)));
}

/** A local path in `Code`, as `aws cloudformation package` takes it, in the form it is replaced by. */
export function withoutLocalCode(template: unknown): unknown {
  const resources = objectOf(objectOf(template)['Resources']);
  const replaced = Object.entries(resources).map(([logicalId, resource]) => {
    const { Type: type, Properties: properties } = objectOf(resource);
    const { Code: code } = objectOf(properties);
    if (type !== 'AWS::Lambda::Function' || typeof code !== 'string') return [logicalId, resource];
    const located = { S3Bucket: 'local', S3Key: code };
    return [
      logicalId,
      { ...objectOf(resource), Properties: { ...objectOf(properties), Code: located } },
    ];
  });
  return { ...objectOf(template), Resources: Object.fromEntries(replaced) };
}
