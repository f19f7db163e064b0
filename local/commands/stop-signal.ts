/** How often the parent is looked at. */
const PARENT_CHECK_MS = 500;

/**
 * Resolves when this process is told to stop by SIGINT or SIGTERM. A second signal, while the first
 * is being obeyed, ends it at once.
 *
 * npm hands a SIGTERM to the shell that it runs a script in, and not to the script: where npm
 * started this process, the end of its parent is a stop signal too.
 */
export function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid !== parent) stop();
    }, PARENT_CHECK_MS).unref();
    if (process.env['npm_lifecycle_event'] === undefined) clearInterval(check);
    const stop = (): void => {
      clearInterval(check);
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
