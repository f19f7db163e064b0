import { AwsError } from '../endpoint/aws-error.ts';

/** The thread of the DynamoDB emulator ended although nobody stopped it. */
export class DynamoDbStoppedError extends Error {
  override readonly name = 'DynamoDbStoppedError';
}

/** The body is no JSON, or has another shape than the operation's input. */
export const serializationException = (message: string): AwsError =>
  new AwsError('SerializationException', message);

export const validationException = (message: string): AwsError =>
  new AwsError('ValidationException', message);

/** Something broke in the emulator itself; the SDKs try again. */
export const internalServerError = (message: string): AwsError =>
  new AwsError('InternalServerError', message, { httpStatus: 500 });

const NAMESPACES: Record<string, string> = {
  SerializationException: 'com.amazon.coral.service',
  ValidationException: 'com.amazon.coral.validate',
};

/**
 * The body of a refusal as DynamoDB words it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export const errorBody = ({ code, message }: AwsError): string =>
  JSON.stringify({
    __type: `${NAMESPACES[code] ?? 'com.amazonaws.dynamodb.v20120810'}#${code}`,
    message,
  });
