import { createHash } from 'node:crypto';
import type { StackIdentity } from './resolver.ts';

/**
 * An id that is the same in every run: hexadecimal digits, of which collisions within a stack need
 * not be feared.
 *
 * @param length up to 64
 */
export const stableId = (stack: StackIdentity, logicalId: string, length: number): string =>
  createHash('sha256').update(`${stack.stackName}/${logicalId}`).digest('hex').slice(0, length);

/** A stable id in the form of a UUID. */
export const stableUuid = (stack: StackIdentity, logicalId: string): string =>
  stableId(stack, logicalId, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The last part of an ARN: a queue's, topic's or table's name. */
export const nameOfArn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn;

/** `arn:aws:<service>:<region>:<account>:<resource>` of this stack's account and region. */
export const arnOf = (stack: StackIdentity, service: string, resource: string): string =>
  `arn:aws:${service}:${stack.region}:${stack.accountId}:${resource}`;
