/**
 * Makes a value at its first use and keeps it for the life of the execution environment. What
 * throws is not kept, so the next invocation tries again. Only for clients and configuration:
 * nothing that belongs to one invocation may outlive it.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
