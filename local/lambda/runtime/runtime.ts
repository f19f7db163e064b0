import { randomBytes } from 'node:crypto';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type {
  EnvironmentReport,
  EnvironmentSettings,
  ErrorReport,
  InvokeRequest,
} from './protocol.ts';
import { RuntimeError, reportOf } from './error-report.ts';
import { loadHandler, type Handler } from './load-handler.ts';
import { LogLines } from './log-lines.ts';

/**
 * The program of an execution environment: it loads the handler once and then runs one event at a
 * time. It lives in a worker thread with module state and environment variables of its own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

/** The exit code with which Lambda's runtime ends after an uncaught exception. */
const UNCAUGHT = 129;

const port = parentPort;
if (port === null) throw new Error('The runtime runs in a worker thread only');
const settings = workerData as EnvironmentSettings;
let requestId: string | undefined;

const report = (message: EnvironmentReport): void => port.postMessage(message);
const heapBytes = (): number => getHeapStatistics().used_heap_size;
const logLines = new LogLines(
  (line) => report({ type: 'logged', requestId, line }),
  () => requestId,
);
logLines.takeOver();

/** What escapes the handler ends the environment, as on Lambda. */
function endAfter(error: ErrorReport): void {
  logLines.finish();
  if (requestId !== undefined) {
    report({ type: 'failed', requestId, error, heapBytes: heapBytes(), fatal: true });
  } else {
    report({ type: 'logged', requestId, line: JSON.stringify(error) });
  }
  process.exit(UNCAUGHT);
}

process.on('uncaughtException', (error) => endAfter(reportOf(error)));
process.on('unhandledRejection', (reason) => {
  const { errorMessage, trace } = reportOf(reason);
  const error = new RuntimeError('Runtime.UnhandledPromiseRejection', errorMessage);
  endAfter({ ...reportOf(error), ...(trace === undefined ? {} : { trace }) });
});

function contextFor({ requestId: awsRequestId, deadline }: InvokeRequest): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: settings.functionName,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: settings.invokedFunctionArn,
    awsRequestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function answerText(answer: unknown): string {
  try {
    // A function or a symbol has no JSON text; like undefined it answers null.
    return JSON.stringify(answer ?? null) ?? 'null';
  } catch {
    throw new RuntimeError('Error', 'Unable to stringify response body');
  }
}

async function run(handler: Handler, request: InvokeRequest): Promise<void> {
  requestId = request.requestId;
  process.env['_X_AMZN_TRACE_ID'] =
    `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`;
  try {
    const payload = answerText(
      await handler(JSON.parse(request.payload) as unknown, contextFor(request)),
    );
    logLines.finish();
    report({ type: 'completed', requestId, payload, heapBytes: heapBytes() });
  } catch (thrown) {
    const error = reportOf(thrown);
    console.error('Invoke Error', JSON.stringify(error));
    logLines.finish();
    report({ type: 'failed', requestId, error, heapBytes: heapBytes(), fatal: false });
  }
  requestId = undefined;
}

if (settings.compileCacheFolder !== undefined) enableCompileCache(settings.compileCacheFolder);
loadHandler(settings.codeFolder, settings.handler).then(
  (handler) => {
    logLines.finish();
    port.on('message', (request: InvokeRequest) => void run(handler, request));
    report({ type: 'ready' });
    flushCompileCache();
  },
  (error: unknown) => {
    logLines.finish();
    report({ type: 'init-failed', error: reportOf(error) });
  },
);
