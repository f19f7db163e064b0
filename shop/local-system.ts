import { findRunning } from 'template-runtime/commands';

/** No local system runs. */
export class NoLocalSystemError extends Error {
  override readonly name = 'NoLocalSystemError';
}

/**
 * Where the local system is: at AWS_ENDPOINT_URL, or the one that `npm start` runs in this folder.
 *
 * @throws NoLocalSystemError
 */
export async function localSystemUrl(): Promise<string> {
  const url = process.env['AWS_ENDPOINT_URL'] ?? (await findRunning(process.cwd()))?.url;
  if (url === undefined) {
    throw new NoLocalSystemError(
      'No local system runs in this folder (start one with npm start) and AWS_ENDPOINT_URL names none.',
    );
  }
  return url;
}
