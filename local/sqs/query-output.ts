/**
 * Brings the body of an answer from the JSON protocol's shape into the query protocol's: lists
 * become repeated elements, maps become lists of names and values.
 *
 * @param action the action's name, which names the entries of a batch result
 */
export function toQueryOutput(output: object, action: string): object {
  return Object.fromEntries(
    Object.entries(output).map(([key, value]: [string, unknown]) => convert(key, value, action)),
  );
}

const LISTS: Record<string, string> = {
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Messages: 'Message',
  Failed: 'BatchResultErrorEntry',
  Results: 'ListMessageMoveTasksResultEntry',
};

function convert(key: string, value: unknown, action: string): [string, unknown] {
  if (Array.isArray(value)) {
    const name = key === 'Successful' ? `${action}ResultEntry` : (LISTS[key] ?? key);
    return [
      name,
      value.map((item: unknown) => (isObject(item) ? toQueryOutput(item, action) : item)),
    ];
  }
  if (!isObject(value)) return [key, value];
  const entries = Object.entries(value);
  if (key === 'Tags') return ['Tag', entries.map(([Key, Value]) => ({ Key, Value }))];
  const name = key === 'MessageAttributes' ? 'MessageAttribute' : 'Attribute';
  return [name, entries.map(([Name, Value]) => ({ Name, Value }))];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
