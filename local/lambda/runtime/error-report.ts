import { isNativeError } from 'node:util/types';
import type { ErrorReport } from './protocol.ts';

/** A failure that Lambda's own runtime names, such as `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Words what a handler threw, which may be anything: an error gives its name, message and stack,
 * another value its type and text.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function reportOf(thrown: unknown): ErrorReport {
  if (isNativeError(thrown)) {
    const trace = (thrown.stack ?? '').split('\n').filter((frame) => !isOwnFrame(frame));
    return { errorType: thrown.name, errorMessage: thrown.message, trace };
  }
  return { errorType: typeof thrown, errorMessage: textOf(thrown), trace: [] };
}

/** The runtime's own file, from which the handler is called. */
const isOwnFrame = (frame: string): boolean => frame.includes(__filename);

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch (error) {
    return `A value that has no text: ${isNativeError(error) ? error.message : typeof error}`;
  }
}
