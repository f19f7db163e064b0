/** What the commands do, for programs that do the same. */
export { invocationInput, sampleEvents } from '../commands/invocation-input.ts';
export { invokeWithin } from '../commands/invoke-isolated.ts';
export { findRunning, type RunningSystem } from '../commands/running-system.ts';
export { planRedrive, redriveClients, RedriveError } from '../commands/redrive-plan.ts';
export { redrive } from '../commands/redrive-queue.ts';
export {
  type DeployedResource,
  findStack,
  localClientSettings,
  STACK_USAGE,
  StackNotFoundError,
  stackOptions,
} from '../commands/deployed-stack.ts';
