/** Running a packaged template on this machine, and breaking it on purpose. */
export type { Fault, FaultRequest } from '../faults/fault.ts';
export { FaultNotFoundError, FaultRefusedError } from '../faults/errors.ts';
export type { ActiveFault, Faults } from '../faults/faults.ts';
export { seededRandom } from '../faults/random.ts';
export { startSystem, type System, type SystemOptions } from '../system/start-system.ts';
export type { IssuedTokens, TokenRequest } from '../cognito/model.ts';
