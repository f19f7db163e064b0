import { AwsError } from '../endpoint/aws-error.ts';

export const badRequest = (message: string): AwsError =>
  new AwsError('BadRequestException', message);

export const notFound = (message: string): AwsError =>
  new AwsError('NotFoundException', message, { httpStatus: 404 });
