import { AwsError } from '../endpoint/aws-error.ts';

/** @param detail what follows `Invalid parameter: ` */
export const invalidParameter = (detail: string): AwsError =>
  new AwsError('InvalidParameterException', `Invalid parameter: ${detail}`, {
    queryCode: 'InvalidParameter',
  });

/** A message attribute that breaks a rule. */
export const invalidAttribute = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { queryCode: 'ParameterValueInvalid' });

export const notFound = (what: 'Topic' | 'Subscription'): AwsError =>
  new AwsError('NotFoundException', `${what} does not exist`, {
    queryCode: 'NotFound',
    httpStatus: 404,
  });

export const notAuthorized = (action: string): AwsError =>
  new AwsError(
    'AuthorizationErrorException',
    `The caller is not authorized to perform: SNS:${action}`,
    {
      queryCode: 'AuthorizationError',
      httpStatus: 403,
    },
  );

export const resourceNotFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'Resource does not exist', {
    queryCode: 'ResourceNotFound',
    httpStatus: 404,
  });

export const tooManyTags = (): AwsError =>
  new AwsError(
    'TagLimitExceededException',
    'Could not complete request: tag quota of per resource exceeded',
    { queryCode: 'TagLimitExceeded' },
  );

/** A required member of the request is missing. */
export const missingMember = (path: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
    { queryCode: 'ValidationError' },
  );

const BATCH_MESSAGES = {
  EmptyBatchRequest: "The batch request doesn't contain any entries.",
  TooManyEntriesInBatchRequest: 'The batch request contains more entries than permissible.',
  BatchEntryIdsNotDistinct: 'Two or more batch entries in the request have the same Id.',
  InvalidBatchEntryId:
    "The Id of a batch entry in a batch request doesn't abide by the specification.",
  BatchRequestTooLong: 'The length of all the messages put together is more than the limit.',
};

export const batchError = (queryCode: keyof typeof BATCH_MESSAGES): AwsError =>
  new AwsError(`${queryCode}Exception`, BATCH_MESSAGES[queryCode], { queryCode });
