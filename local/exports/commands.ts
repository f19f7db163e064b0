/** What the commands do, for programs that do the same. */
export { invocationInput, sampleEvents } from '../commands/invocation-input.ts';
export { invokeWithin } from '../commands/invoke-isolated.ts';
export { findRunning, type RunningSystem } from '../commands/running-system.ts';
export { findRedrivePath, redrive, RedriveError } from '../commands/redrive-queue.ts';
