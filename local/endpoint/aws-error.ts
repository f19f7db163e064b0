/**
 * A refusal as an AWS service words it. `code` is the error's name in the SDKs
 * (`InvalidParameterValue`); `queryCode` its name in the query protocol where that differs.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly queryCode: string;
  readonly httpStatus: number;
  readonly fault: 'Sender' | 'Receiver';

  constructor(
    code: string,
    message: string,
    { queryCode = code, httpStatus = 400 }: { queryCode?: string; httpStatus?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.queryCode = queryCode;
    this.httpStatus = httpStatus;
    this.fault = httpStatus < 500 ? 'Sender' : 'Receiver';
  }
}
