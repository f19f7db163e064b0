import { queryList, queryMap, type QueryTree } from '../endpoint/query-protocol.ts';

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

/**
 * Brings the parameters of a query request into the shape that the JSON protocol gives them.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests.html
 */
export function toJsonInput(tree: QueryTree, action: string): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree)) {
    const shape = Object.hasOwn(SHAPES, key) ? SHAPES[key] : undefined;
    if (!shape || typeof value === 'string') input[key] = value;
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
