import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs this Node.js with `parameters` and gives what it printed. */
export const runNode = (
  parameters: string[],
  { cwd }: { cwd?: string } = {},
): Promise<{ stdout: string; stderr: string }> =>
  execute(process.execPath, parameters, { maxBuffer: MAX_OUTPUT_BYTES, ...(cwd ? { cwd } : {}) });
