/** Who made an AWS request. */
export type Caller =
  | { kind: 'function'; functionName: string; environmentId: string }
  | { kind: 'client'; accessKeyId: string };

const SEPARATOR = '~';

/**
 * The access key id of a function's execution environment. The local runtime gives every
 * environment credentials that name it, so that each AWS request tells which function made it.
 */
export const accessKeyIdOf = (functionName: string, environmentId: string): string =>
  `${functionName}${SEPARATOR}${environmentId}`;

export function callerOf(accessKeyId: string): Caller {
  const [functionName, environmentId] = accessKeyId.split(SEPARATOR);
  return functionName && environmentId
    ? { kind: 'function', functionName, environmentId }
    : { kind: 'client', accessKeyId };
}

/** The name to show for a caller: the function's, or `client`. */
export const nameOfCaller = (caller: Caller): string =>
  caller.kind === 'function' ? caller.functionName : 'client';
