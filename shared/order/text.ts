import * as z from 'zod/mini';

/**
 * Text of one line: no control characters, and none of those that an SQS message must not contain
 * (lone surrogates, U+FFFE, U+FFFF). Blanks around it are cut off before its length counts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function lineOfText(minLength: number, maxLength: number) {
  return z
    .string()
    .check(
      z.trim(),
      z.minLength(minLength),
      z.maxLength(maxLength),
      z.regex(/^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]*$/u),
    );
}
