import { url as inspectorUrl } from 'node:inspector';

const taken = new Set<number>();

/**
 * True while a debugger may be attached to this process. Its functions are then not timed, and each
 * of their environments can be debugged too.
 */
export const isDebugged = (): boolean =>
  inspectorUrl() !== undefined || process.env['VSCODE_INSPECTOR_OPTIONS'] !== undefined;

/**
 * The lowest free port above this process's own inspector port, for a debugger to attach to an
 * environment; undefined when none is needed, as an editor that follows into child processes finds
 * them itself.
 */
export function takeDebugPort(): number | undefined {
  const url = inspectorUrl();
  if (url === undefined || process.env['VSCODE_INSPECTOR_OPTIONS'] !== undefined) return undefined;
  let port = Number(new URL(url).port) + 1;
  while (taken.has(port)) port++;
  taken.add(port);
  return port;
}

export function releaseDebugPort(port: number | undefined): void {
  if (port !== undefined) taken.delete(port);
}
