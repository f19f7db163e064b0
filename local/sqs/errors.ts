import { AwsError } from '../endpoint/aws-error.ts';

/**
 * The refusals of Amazon SQS. Some have one name in the JSON protocol and another in the query
 * protocol (and in the header `x-amzn-query-error`).
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const namespaced = (code: string, message: string, httpStatus = 400): AwsError =>
  new AwsError(code, message, { queryCode: `AWS.SimpleQueueService.${code}`, httpStatus });

export const invalidParameter = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });

export const invalidValue = (value: string | number, parameter: string, reason: string): AwsError =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (parameter: string): AwsError =>
  new AwsError(
    'MissingRequiredParameterException',
    `The request must contain the parameter ${parameter}.`,
    { queryCode: 'MissingParameter' },
  );

/** The two protocols word this one differently; `forQueryProtocol` gives the older wording. */
export const queueDoesNotExist = (forQueryProtocol = false): AwsError =>
  new AwsError(
    'QueueDoesNotExist',
    forQueryProtocol
      ? 'The specified queue does not exist for this wsdl version.'
      : 'The specified queue does not exist.',
    { queryCode: 'AWS.SimpleQueueService.NonExistentQueue' },
  );

export const queueNameExists = (attribute: string): AwsError =>
  new AwsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    { queryCode: 'QueueAlreadyExists' },
  );

export const invalidAddress = (url: string): AwsError =>
  new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, {
    httpStatus: 404,
  });

export const unknownAttribute = (name: string): AwsError =>
  new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidAttributeName = (message: string): AwsError =>
  new AwsError('InvalidAttributeName', message);

export const invalidAttributeValue = (attribute: string, reason?: string): AwsError =>
  conflictingAttributes(
    `Invalid value for the parameter ${attribute}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

/** Attributes that are valid one by one and not together. */
export const conflictingAttributes = (message: string): AwsError =>
  new AwsError('InvalidAttributeValue', message);

export const invalidMessageContents = (message: string): AwsError =>
  new AwsError('InvalidMessageContents', message);

export const receiptHandleIsInvalid = (handle: string): AwsError =>
  new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    { httpStatus: 404 },
  );

export const receiptHandleExpired = (handle: string): AwsError =>
  invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');

export const notAvailableForVisibilityChange = (handle: string): AwsError =>
  invalidValue(
    handle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  );

export const overLimit = (message: string): AwsError =>
  new AwsError('OverLimit', message, { httpStatus: 403 });

export const purgeQueueInProgress = (queueName: string): AwsError =>
  namespaced(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    403,
  );

export const emptyBatch = (entryType: string): AwsError =>
  namespaced('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);

export const tooManyBatchEntries = (maximum: number, sent: number): AwsError =>
  namespaced(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are ${maximum}. You have sent ${sent}.`,
  );

export const batchEntryIdsNotDistinct = (id: string): AwsError =>
  namespaced('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const invalidBatchEntryId = (): AwsError =>
  namespaced(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const batchTooLong = (maximum: number, sent: number): AwsError =>
  namespaced(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${maximum} bytes. You have sent ${sent} bytes.`,
  );

export const unsupportedOperation = (message: string): AwsError =>
  namespaced('UnsupportedOperation', message);

export const resourceNotFound = (message: string): AwsError =>
  new AwsError('ResourceNotFoundException', message, { httpStatus: 404 });

export const unknownAction = (action: string, forQueryProtocol: boolean): AwsError =>
  forQueryProtocol
    ? new AwsError('InvalidAction', `The action ${action} is not valid for this endpoint.`)
    : new AwsError('UnknownOperationException', `The operation ${action} is unknown.`);

/** The SDKs repeat a request that failed so. */
export const internalFailure = (message: string): AwsError =>
  new AwsError('InternalFailure', message, { httpStatus: 500 });

export const malformedRequest = (message: string): AwsError =>
  new AwsError('SerializationException', message, { queryCode: 'MalformedInput' });
