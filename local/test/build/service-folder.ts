import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of source files that is gone after the test. */
export interface ServiceFolder extends AsyncDisposable {
  path: string;
  write(file: string, text: string): Promise<void>;
}

export async function serviceFolder(files: Record<string, string>): Promise<ServiceFolder> {
  const path = await mkdtemp(join(tmpdir(), 'service-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
