import { queryList, queryMap, type QueryTree } from '../../endpoint/query-protocol.ts';

/** How a parameter of the query protocol maps onto one of the JSON protocol. */
type Shape =
  | { kind: 'texts'; as: string }
  | { kind: 'map'; as: string }
  | { kind: 'attributes'; as: string }
  | { kind: 'entries'; as: string };

const SHAPES: Record<string, Shape> = {
  AttributeName: { kind: 'texts', as: 'AttributeNames' },
  MessageAttributeName: { kind: 'texts', as: 'MessageAttributeNames' },
  MessageSystemAttributeName: { kind: 'texts', as: 'MessageSystemAttributeNames' },
  TagKey: { kind: 'texts', as: 'TagKeys' },
  AWSAccountId: { kind: 'texts', as: 'AWSAccountIds' },
  ActionName: { kind: 'texts', as: 'Actions' },
  Attribute: { kind: 'map', as: 'Attributes' },
  Tag: { kind: 'map', as: 'Tags' },
  MessageAttribute: { kind: 'attributes', as: 'MessageAttributes' },
  MessageSystemAttribute: { kind: 'attributes', as: 'MessageSystemAttributes' },
  SendMessageBatchRequestEntry: { kind: 'entries', as: 'Entries' },
  DeleteMessageBatchRequestEntry: { kind: 'entries', as: 'Entries' },
  ChangeMessageVisibilityBatchRequestEntry: { kind: 'entries', as: 'Entries' },
};

/** SDKs write an empty list or map as an empty text, some under its name in the JSON protocol. */
const COLLECTIONS = new Set(Object.values(SHAPES).map((shape) => shape.as));

/**
 * Brings the parameters of a query request into the shape that the JSON protocol gives them.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests.html
 */
export function toJsonInput(tree: QueryTree, action: string): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const shape = Object.hasOwn(SHAPES, key) ? SHAPES[key] : undefined;
    if (value === '' && (shape || COLLECTIONS.has(key))) continue;
    if (shape?.kind === 'texts' && typeof value === 'string') input[shape.as] = [value];
    else if (!shape || typeof value === 'string') input[key] = value;
    else if (shape.kind === 'texts') input[shape.as] = queryList(tree, key);
    else if (shape.kind === 'map') input[shape.as] = queryMap(tree, key);
    else if (shape.kind === 'attributes') input[shape.as] = toAttributes(tree, key);
    else {
      input[shape.as] = queryList(tree, key).map((entry) =>
        typeof entry === 'string' ? entry : toJsonInput(entry, action),
      );
    }
  }
  // CreateQueue alone writes this one small.
  if (action === 'CreateQueue' && 'Tags' in input) input['tags'] = input['Tags'];
  return input;
}

function toAttributes(tree: QueryTree, key: string): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const entry of queryList(tree, key)) {
    if (typeof entry === 'string') continue;
    const { Name: name = '', Value: value = {} } = entry;
    if (typeof name === 'string') attributes[name] = value;
  }
  return attributes;
}

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
