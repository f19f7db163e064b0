import { readdir, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { hasErrorCode } from '../error-code.ts';
import type { CommandOptions } from '../framework/framework.ts';

/** The event that `sls invoke local` hands to a function. */
export interface InvocationInput {
  /** JSON text. */
  payload: string;
  /** Where it comes from, for the reader: a file's path or `--data`. */
  origin: string;
}

/** No event was given, or what was given is no event. */
export class EventInputError extends Error {
  override readonly name = 'EventInputError';
}

/**
 * The event of `--path` or `--data`; without either, the function's first sample in
 * `events/<function>/`.
 *
 * @throws EventInputError when the file is missing, or the text is no JSON
 */
export async function invocationInput(
  serviceFolder: string,
  functionKey: string,
  options: CommandOptions,
): Promise<InvocationInput> {
  const { path, data } = options;
  if (typeof path === 'string' && typeof data === 'string') {
    throw new EventInputError('Give the event by --path or by --data, not by both');
  }
  if (typeof data === 'string') return checked(data, '--data');
  if (typeof path === 'string') {
    return checked(await readEvent(resolve(serviceFolder, path), path), path);
  }
  const samples = await sampleEvents(serviceFolder, functionKey);
  const [first] = samples;
  if (first === undefined) {
    throw new EventInputError(
      `${functionKey} has no sample in events/${functionKey}/: give its event by --path or --data`,
    );
  }
  return checked(await readEvent(resolve(serviceFolder, first), first), first);
}

/** The sample events of a function, as paths relative to the service. */
export async function sampleEvents(serviceFolder: string, functionKey: string): Promise<string[]> {
  const folder = resolve(serviceFolder, 'events', functionKey);
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
