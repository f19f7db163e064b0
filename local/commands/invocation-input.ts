import { readdir, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { hasErrorCode } from '../errors/error-code.ts';
import type { CommandOptions } from '../framework/framework.ts';

/** Where events come from when the command line names none. */
export interface EventPlaces {
  /** The folder of sample events: `events`. */
  samples?: string;
  /** Read when it is no terminal. */
  standardInput?: StandardInput;
}

/** What `process.stdin` is, as far as it is looked at. */
export type StandardInput = Readable & { isTTY?: boolean };

/** A program at the other end of a pipe has written something within this time, or nothing comes. */
const FIRST_INPUT_MS = 500;

/** The event that `sls invoke local` hands to a function. */
export interface InvocationInput {
  /** JSON text. */
  payload: string;
  /** Where it comes from, for the reader: a file's path or `--data`. */
  origin: string;
}

const DEFAULT_SAMPLES = 'events';

/** No event was given, or what was given is no event. */
export class EventInputError extends Error {
  override readonly name = 'EventInputError';
}

/**
 * The event of `--path` or `--data`, or else of the standard input; without any, the function's
 * first sample in the samples' folder.
 *
 * @throws EventInputError when the file is missing, or the text is no JSON
 */
export async function invocationInput(
  serviceFolder: string,
  functionKey: string,
  options: CommandOptions,
  { samples = DEFAULT_SAMPLES, standardInput }: EventPlaces = {},
): Promise<InvocationInput> {
  const { path, data } = options;
  if (typeof path === 'string' && typeof data === 'string') {
    throw new EventInputError('Give the event by --path or by --data, not by both');
  }
  if (typeof data === 'string') return checked(data, '--data');
  if (typeof path === 'string') {
    return checked(await readEvent(resolve(serviceFolder, path), path), path);
  }
  const piped = standardInput && (await readPiped(standardInput));
  if (piped) return checked(piped, 'the standard input');
  const [first] = await sampleEvents(serviceFolder, functionKey, samples);
  if (first === undefined) {
    throw new EventInputError(
      `${functionKey} has no sample in ${samples}/${functionKey}/: give its event by --path, --data or the standard input`,
    );
  }
  return checked(await readEvent(resolve(serviceFolder, first), first), first);
}

/** The sample events of a function, as paths relative to the service. */
export async function sampleEvents(
  serviceFolder: string,
  functionKey: string,
  samples = DEFAULT_SAMPLES,
): Promise<string[]> {
  const folder = resolve(serviceFolder, samples, functionKey);
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => relative(serviceFolder, resolve(folder, name)));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** All that is piped in; empty when nothing is, or the other end says nothing. */
async function readPiped(input: StandardInput): Promise<string> {
  if (input.isTTY === true) return '';
  const silent = AbortSignal.timeout(FIRST_INPUT_MS);
  const chunks: Buffer[] = [];
  return new Promise((settle, reject) => {
    const finish = (): void => {
      input.removeAllListeners('data').pause();
      settle(Buffer.concat(chunks).toString('utf8').trim());
    };
    silent.addEventListener('abort', () => {
      if (chunks.length === 0) finish();
    });
    input.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
    input.once('end', finish);
    input.once('error', reject);
  });
}

async function readEvent(file: string, shownPath: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT') && !hasErrorCode(error, 'EISDIR')) throw error;
    throw new EventInputError(`There is no event file ${shownPath}`, { cause: error });
  }
}

function checked(text: string, origin: string): InvocationInput {
  try {
    JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EventInputError(`The event of ${origin} is no JSON: ${reason}`, { cause: error });
  }
  return { payload: text, origin };
}
