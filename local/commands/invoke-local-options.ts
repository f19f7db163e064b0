import type { CommandOption } from '../framework/framework.ts';

/** What this project adds to the options of the framework's `sls invoke local`. */
export const INVOKE_LOCAL_OPTIONS: Record<string, CommandOption> = {
  isolated: { usage: 'Use a system of its own even when one is running', type: 'boolean' },
};
