import { AwsError } from '../endpoint/aws-error.ts';

/** A refusal of S3, with the header fields that its answer carries beside the document. */
export class S3Error extends AwsError {
  readonly headers: Record<string, string>;

  constructor(
    code: string,
    message: string,
    {
      httpStatus = 400,
      headers = {},
    }: { httpStatus?: number; headers?: Record<string, string> } = {},
  ) {
    super(code, message, { httpStatus });
    this.headers = headers;
  }
}

export const noSuchBucket = (name: string): S3Error =>
  new S3Error('NoSuchBucket', `The specified bucket does not exist: ${name}`, { httpStatus: 404 });

/** @param headers tell of the delete marker that hides the object, if there is one */
export const noSuchKey = (headers: Record<string, string> = {}): S3Error =>
  new S3Error('NoSuchKey', 'The specified key does not exist.', { httpStatus: 404, headers });

export const noSuchVersion = (): S3Error =>
  new S3Error('NoSuchVersion', 'The specified version does not exist.', { httpStatus: 404 });

export const noSuchUpload = (): S3Error =>
  new S3Error(
    'NoSuchUpload',
    'The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { httpStatus: 404 },
  );

/** @param condition the header field that did not hold, such as `If-Match` */
export const preconditionFailed = (condition: string): S3Error =>
  new S3Error(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
    { httpStatus: 412 },
  );

export const invalidArgument = (message: string): S3Error =>
  new S3Error('InvalidArgument', message);

export const invalidRequest = (message: string): S3Error => new S3Error('InvalidRequest', message);

export const invalidTag = (message: string): S3Error => new S3Error('InvalidTag', message);

export const malformedXml = (): S3Error =>
  new S3Error('MalformedXML', 'The XML you provided was not well-formed');

export const incompleteBody = (): S3Error =>
  new S3Error('IncompleteBody', 'The request body terminated unexpectedly');

/** A part of S3 that is named and refused, so that nothing seems to work that does not. */
export const notImplemented = (what: string): S3Error =>
  new S3Error('NotImplemented', `${what} is not emulated here`, { httpStatus: 501 });
