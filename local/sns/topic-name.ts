import { invalidParameter } from './sns-errors.ts';

const STANDARD_NAME = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_NAME = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;

/**
 * Up to 256 letters, digits, hyphens and underscores; a FIFO topic's name ends in `.fifo`.
 *
 * @throws AwsError InvalidParameter
 * @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
 */
export function checkTopicName(name: string | undefined, fifo: boolean): string {
  if (fifo && !FIFO_NAME.test(name ?? '')) {
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (name === undefined || (!fifo && !STANDARD_NAME.test(name))) {
    throw invalidParameter('Topic Name');
  }
  return name;
}
