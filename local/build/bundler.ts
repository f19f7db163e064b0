import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  build,
  context,
  formatMessages,
  type BuildOptions,
  type BuildResult,
  type Message,
} from 'esbuild';
import type { HandlerSource } from './handler-source.ts';

/** A function's code as one ES module. */
export interface Bundle {
  functionKey: string;
  /** Its path within the artifact: `dist/functions/buying/place-order.js`. */
  path: string;
  code: Uint8Array;
}

/** The source code does not compile or imports what isn't there. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/**
 * Bundles each handler with all it imports: minified ES modules for Node.js 24, without source maps,
 * because a bundle's size is paid for at every cold start.
 *
 * @throws BuildError with the place and the line of source of each mistake
 */
export async function bundleHandlers(
  serviceFolder: string,
  sources: HandlerSource[],
): Promise<Bundle[]> {
  const result = await readable(() => build(optionsFor(serviceFolder, sources)));
  return withRequire(serviceFolder, sources, bundlesOf(serviceFolder, sources, result));
}

/** Bundles again and again, parsing only what has changed since the last time. */
export interface IncrementalBundler {
  /** @throws BuildError */
  rebuild(): Promise<Bundle[]>;
  close(): Promise<void>;
}

export async function incrementalBundler(
  serviceFolder: string,
  sources: HandlerSource[],
): Promise<IncrementalBundler> {
  const incremental = await context(optionsFor(serviceFolder, sources));
  return {
    async rebuild() {
      const result = await readable(() => incremental.rebuild());
      return withRequire(serviceFolder, sources, bundlesOf(serviceFolder, sources, result));
    },
    close: () => incremental.dispose(),
  };
}

const LAMBDA_CREDENTIALS = fileURLToPath(new URL('lambda-credentials.ts', import.meta.url));

type InMemory = BuildOptions & { write: false };

function optionsFor(serviceFolder: string, sources: HandlerSource[]): InMemory {
  return {
    absWorkingDir: serviceFolder,
    entryPoints: sources.map(({ source }) => source),
    outdir: 'dist',
    outbase: '.',
    write: false,
    bundle: true,
    minify: true,
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

/** Gives `require` to the bundles whose dependencies call it, and to no other. */
async function withRequire(
  serviceFolder: string,
  sources: HandlerSource[],
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
      ...optionsFor(serviceFolder, again),
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
  const codeByPath = new Map(
    result.outputFiles.map((file) => [
      relative(serviceFolder, file.path).replaceAll(sep, '/'),
      file.contents,
    ]),
  );
  return sources.map(({ functionKey, bundle }) => {
    const code = codeByPath.get(bundle);
    if (!code) throw new BuildError(`The build made no ${bundle} for ${functionKey}`);
    return { functionKey, path: bundle, code };
  });
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
