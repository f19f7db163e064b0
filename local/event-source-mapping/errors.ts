import { AwsError } from '../endpoint/aws-error.ts';

/** There is no mapping of this id. */
export class MappingNotFoundError extends Error {
  override readonly name = 'MappingNotFoundError';
}

/** A value that breaks a rule of the API's model. */
export const constraint = (name: string, value: string | number, rule: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have ${rule}`,
  );

export const refused = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message);
