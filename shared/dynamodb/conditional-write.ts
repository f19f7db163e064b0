import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Resolves with a conditional write's answer, or with undefined when its condition refused it. */
export async function unlessRefused<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
