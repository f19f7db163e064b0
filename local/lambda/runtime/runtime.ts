import { url as inspectorUrl } from 'node:inspector';
import { enableCompileCache, flushCompileCache, setSourceMapsSupport } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { Channel } from './channel.ts';
import { Console } from './console.ts';
import { reportOf, RuntimeError } from './error-report.ts';
import { EmptyLoop, invoke } from './invocation.ts';
import { loadHandler, type Handler } from './load-handler.ts';
import { keepWithinPackage } from './package-boundary.ts';
import type { EnvironmentSettings, InvokeRequest } from './protocol.ts';

/**
 * The program of an execution environment: it loads the handler once and then runs one event at a
 * time. Between two events it is frozen.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

/** The exit codes with which Lambda's runtime ends after what nobody caught. */
const UNCAUGHT = 129;
const UNHANDLED = 128;
/** How long a handler may overrun before the environment ends itself: whoever times it is gone. */
const GRACE_MS = 2_000;

const channel = new Channel();
const settings = channel.receiveFrozen().header as EnvironmentSettings;
const loop = new EmptyLoop();
let requestId: string | undefined;
let running = false;

const heapBytes = (): number => getHeapStatistics().used_heap_size;
const output = new Console(
  (line) => channel.report({ type: 'logged', requestId, line }),
  () => requestId,
);
output.takeOver();
loop.listen();

/** What escapes the handler ends the environment, as on Lambda. */
function endAfter(what: string, thrown: unknown, error = reportOf(thrown)): void {
  output.logFailure(what, error, thrown);
  output.finish();
  if (running && requestId !== undefined) {
    channel.report({ type: 'failed', requestId, error, heapBytes: heapBytes(), fatal: true });
  }
}

process.on('uncaughtException', (error) => {
  endAfter('Uncaught Exception', error);
  process.exit(UNCAUGHT);
});
process.on('unhandledRejection', (reason) => {
  const { errorMessage, trace } = reportOf(reason);
  const errorType = 'Runtime.UnhandledPromiseRejection';
  endAfter('Unhandled Promise Rejection', reason, {
    errorType,
    errorMessage,
    ...(trace === undefined ? {} : { trace }),
  });
  process.exit(UNHANDLED);
});

function answerText(answer: unknown): string {
  try {
    // A function or a symbol has no JSON text; like undefined it answers null.
    return JSON.stringify(answer ?? null) ?? 'null';
  } catch {
    throw new RuntimeError('Error', 'Unable to stringify response body');
  }
}

function endWhenOverrun(deadline: number | undefined): NodeJS.Timeout | undefined {
  if (deadline === undefined) return undefined;
  return setTimeout(() => process.exit(UNCAUGHT), deadline - Date.now() + GRACE_MS).unref();
}

async function run(handler: Handler, request: InvokeRequest, text: string): Promise<void> {
  requestId = request.requestId;
  running = true;
  const abandoned = endWhenOverrun(request.deadline);
  // What happened to the environment's connections while it was frozen is seen before they are used.
  await new Promise((resolve) => setImmediate(resolve));
  try {
    const event: unknown = JSON.parse(text);
    const answer = answerText(await invoke(handler, event, { settings, request, loop }));
    output.finish();
    running = false;
    channel.report({ type: 'completed', requestId, heapBytes: heapBytes() }, answer);
  } catch (thrown) {
    const error = reportOf(thrown);
    output.logFailure('Invoke Error', error, thrown);
    output.finish();
    running = false;
    channel.report({ type: 'failed', requestId, error, heapBytes: heapBytes(), fatal: false });
  }
  clearTimeout(abandoned);
}

/** A debugger could not work with an environment that is frozen. */
async function serve(handler: Handler): Promise<void> {
  for (;;) {
    // What became due with the answer still runs, such as a rejection that nobody handles.
    await new Promise((resolve) => setImmediate(resolve));
    const { header, text } =
      inspectorUrl() === undefined ? channel.receiveFrozen() : await channel.receive();
    await run(handler, header as InvokeRequest, text);
  }
}

setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
if (settings.compileCacheFolder !== undefined) enableCompileCache(settings.compileCacheFolder);
keepWithinPackage(settings.codeFolder);
process.chdir(settings.codeFolder);
loadHandler(settings).then(
  async (handler) => {
    output.finish();
    channel.report({ type: 'ready' });
    flushCompileCache();
    await serve(handler);
  },
  (thrown: unknown) => {
    output.finish();
    channel.report({ type: 'init-failed', error: reportOf(thrown) });
    process.exit(1);
  },
);
