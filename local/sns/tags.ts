import { invalidParameter, tooManyTags } from './sns-errors.ts';

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * @throws AwsError InvalidParameter, TagLimitExceeded
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
 */
export function checkTags(tags: Record<string, string>): void {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS) throw tooManyTags();
  for (const [key, value] of entries) {
    if (key === '' || key.length > LONGEST_KEY || key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter(`Tags Reason: Invalid tag key ${key}`);
    }
    if (value.length > LONGEST_VALUE) {
      throw invalidParameter(`Tags Reason: The value of tag ${key} is too long`);
    }
  }
}
