/**
 * Parses JSON that may be none.
 *
 * @returns undefined for text that is no JSON; JSON itself has no value that is undefined
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
