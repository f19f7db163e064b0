/**
 * True for an error of Node.js with that `code`, such as `ENOENT`. The code is what tells such
 * errors apart; their class is not, because it differs between JavaScript realms.
 */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
