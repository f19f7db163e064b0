/** Running a packaged template on this machine. */
export { startSystem, type System, type SystemOptions } from '../system/start-system.ts';
export type { IssuedTokens, TokenRequest } from '../cognito/model.ts';
