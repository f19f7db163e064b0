import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  build,
  context,
  formatMessages,
  type BuildOptions,
  type BuildResult,
  type Message,
  type Metafile,
} from 'esbuild';
import * as z from 'zod';
import type { HandlerSource } from './handler-source.ts';

/** A function's code as one ES module. */
export interface Bundle {
  functionKey: string;
  /** Its path within the artifact: `dist/functions/buying/place-order.js`. */
  path: string;
  code: Uint8Array;
}

/**
 * `deploy` makes what is paid for at every cold start on AWS: minified, without source maps.
 * `local` makes what a person debugs: as written, with a source map in it.
 */
export type BuildMode = 'deploy' | 'local';

/** What came out of a build, and the files that went into it. */
export interface Build {
  bundles: Bundle[];
  /** Every file that was read, relative to the service; those of installed packages too. */
  inputs: string[];
}

/** The source code does not compile or imports what isn't there. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/**
 * Bundles each handler with all it imports into an ES module for Node.js 24.
 *
 * @throws BuildError with the place and the line of source of each mistake
 */
export async function bundleHandlers(
  serviceFolder: string,
  sources: HandlerSource[],
  mode: BuildMode,
): Promise<Build> {
  if (sources.length === 0) return { bundles: [], inputs: [] };
  const result = await readable(() => build(optionsFor(serviceFolder, sources, mode)));
  return finished(serviceFolder, sources, mode, result);
}

/** Bundles again and again, parsing only what has changed since the last time. */
export interface IncrementalBundler {
  /** @throws BuildError */
  rebuild(): Promise<Build>;
  close(): Promise<void>;
}

export async function incrementalBundler(
  serviceFolder: string,
  sources: HandlerSource[],
  mode: BuildMode,
): Promise<IncrementalBundler> {
  const incremental = await context(optionsFor(serviceFolder, sources, mode));
  return {
    async rebuild() {
      const result = await readable(() => incremental.rebuild());
      return finished(serviceFolder, sources, mode, result);
    },
    close: () => incremental.dispose(),
  };
}

const LAMBDA_CREDENTIALS = fileURLToPath(new URL('lambda-credentials.ts', import.meta.url));

/** Where esbuild believes that it writes; nothing is written. */
const OUTPUT_FOLDER = 'dist';

type InMemory = BuildOptions & { write: false; metafile: true };

function optionsFor(serviceFolder: string, sources: HandlerSource[], mode: BuildMode): InMemory {
  return {
    absWorkingDir: serviceFolder,
    entryPoints: [...new Set(sources.map(({ source }) => source))],
    outdir: OUTPUT_FOLDER,
    outbase: '.',
    write: false,
    metafile: true,
    bundle: true,
    ...(mode === 'deploy' ? { minify: true } : { sourcemap: 'external', sourcesContent: false }),
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': LAMBDA_CREDENTIALS },
    legalComments: 'none',
    logLevel: 'silent',
  };
}

/** What esbuild leaves in an ES module where CommonJS code calls `require` at run time. */
const REQUIRE_CALL = 'Dynamic require of "';

async function finished(
  serviceFolder: string,
  sources: HandlerSource[],
  mode: BuildMode,
  result: BuildResult<InMemory>,
): Promise<Build> {
  const bundles = bundlesOf(serviceFolder, sources, result);
  return {
    bundles: await withRequire(serviceFolder, sources, mode, bundles),
    inputs: inputsOf(result.metafile),
  };
}

const inputsOf = ({ inputs }: Metafile): string[] => Object.keys(inputs).toSorted();

/** Gives `require` to the bundles whose dependencies call it, and to no other. */
async function withRequire(
  serviceFolder: string,
  sources: HandlerSource[],
  mode: BuildMode,
  bundles: Bundle[],
): Promise<Bundle[]> {
  const needing = new Set(
    bundles
      .filter(({ code }) =>
        Buffer.from(code.buffer, code.byteOffset, code.byteLength).includes(REQUIRE_CALL),
      )
      .map(({ functionKey }) => functionKey),
  );
  if (needing.size === 0) return bundles;
  const again = sources.filter(({ functionKey }) => needing.has(functionKey));
  const result = await readable(() =>
    build({
      ...optionsFor(serviceFolder, again, mode),
      banner: {
        js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
      },
    }),
  );
  return [
    ...bundles.filter(({ functionKey }) => !needing.has(functionKey)),
    ...bundlesOf(serviceFolder, again, result),
  ];
}

function bundlesOf(
  serviceFolder: string,
  sources: HandlerSource[],
  result: BuildResult<InMemory>,
): Bundle[] {
  const fileByPath = new Map(
    result.outputFiles.map((file) => [
      relative(serviceFolder, file.path).replaceAll(sep, '/'),
      file,
    ]),
  );
  return sources.map(({ functionKey, source, bundle }) => {
    const made = `${OUTPUT_FOLDER}/${source.replace(/\.m?ts$/, '.js')}`;
    const code = fileByPath.get(made);
    if (!code) throw new BuildError(`The build made no ${bundle} for ${functionKey}`);
    const map = fileByPath.get(`${made}.map`);
    return {
      functionKey,
      path: bundle,
      code: map ? withSourceMap(code.contents, map) : code.contents,
    };
  });
}

const sourceMap = z.looseObject({ sources: z.array(z.string()) });

/**
 * Puts the source map into the code. Its sources are named by where they are, because the code
 * runs from another folder than the one that it was built for.
 */
function withSourceMap(code: Uint8Array, map: { path: string; text: string }): Uint8Array {
  const { sources, ...rest } = sourceMap.parse(JSON.parse(map.text));
  const located = {
    ...rest,
    sources: sources.map((source) => pathToFileURL(resolve(dirname(map.path), source)).href),
  };
  const data = Buffer.from(JSON.stringify(located)).toString('base64');
  return Buffer.concat([
    code,
    Buffer.from(`//# sourceMappingURL=data:application/json;base64,${data}\n`),
  ]);
}

async function readable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!hasMessages(error)) throw error;
    const text = await formatMessages(error.errors, { kind: 'error', color: false });
    throw new BuildError(`The functions could not be built:\n${text.join('').trimEnd()}`, {
      cause: error,
    });
  }
}

function hasMessages(error: unknown): error is Error & { errors: Message[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
