/** A filter policy breaks one of the documented rules; the message is worded as SNS words it. */
export class FilterPolicyError extends Error {
  override readonly name = 'FilterPolicyError';
}

/** An error that ends with the place in the policy, as SNS reports the faults of its syntax. */
export function errorAt(source: string, message: string, offset: number): FilterPolicyError {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return new FilterPolicyError(
    `${message}\n at [Source: (String)"${source}"; line: ${line}, column: ${column}]`,
  );
}

/** Adds the place to an error of `parse`, which does not know it. */
export function placed<T>(parse: () => T, source: string, offset: number): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FilterPolicyError) throw errorAt(source, error.message, offset);
    throw error;
  }
}
