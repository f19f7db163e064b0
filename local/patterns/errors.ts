/** The text is not JSON. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** A pattern breaks one of the documented rules; the message is worded as AWS words it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** An error that ends with the place in the policy, as SNS reports the faults of its syntax. */
export function errorAt(source: string, message: string, offset: number): PatternError {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return new PatternError(
    `${message}\n at [Source: (String)"${source}"; line: ${line}, column: ${column}]`,
  );
}

/** Adds the place to an error of `parse`, which does not know it. */
export function placed<T>(parse: () => T, source: string, offset: number): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PatternError) throw errorAt(source, error.message, offset);
    throw error;
  }
}
