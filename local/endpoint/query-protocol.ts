import type { ServerResponse } from 'node:http';
import { XMLBuilder } from 'fast-xml-parser';
import type { AwsError } from './aws-error.ts';
import type { AwsRequest } from './aws-request.ts';

/** A parameter tree: `Attribute.1.Name=x` becomes `{ Attribute: { '1': { Name: 'x' } } }`. */
export interface QueryTree {
  [key: string]: string | QueryTree;
}

/**
 * Parses the form body (or query string) of an AWS query request.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function parseQuery(request: AwsRequest): QueryTree {
  const parameters = new URLSearchParams(request.body.toString('utf8'));
  for (const [key, value] of request.query) parameters.append(key, value);
  const tree: QueryTree = Object.create(null) as QueryTree;
  for (const [key, value] of parameters) {
    const path = key.split('.');
    const leaf = path.pop() ?? key;
    let node = tree;
    for (const step of path) {
      const existing = node[step];
      const next: QueryTree =
        typeof existing === 'object' ? existing : (Object.create(null) as QueryTree);
      node[step] = next;
      node = next;
    }
    node[leaf] = value;
  }
  return tree;
}

/** The string at `key`, or undefined. */
export function queryString(tree: QueryTree, key: string): string | undefined {
  const value = tree[key];
  return typeof value === 'string' ? value : undefined;
}

/**
 * The elements of a list, in order: `Key.1`, `Key.2`, … or `Key.member.1`, …
 */
export function queryList(tree: QueryTree, key: string): (string | QueryTree)[] {
  const node = tree[key];
  if (node === undefined || typeof node === 'string') return [];
  const numbered = typeof node['member'] === 'object' ? node['member'] : node;
  return Object.keys(numbered)
    .filter((index) => /^\d+$/.test(index))
    .toSorted((left, right) => Number(left) - Number(right))
    .flatMap((index) => numbered[index] ?? []);
}

/**
 * A map given as `Key.1.Name`/`Key.1.Value` or `Key.entry.1.key`/`Key.entry.1.value`.
 */
export function queryMap(tree: QueryTree, key: string): Record<string, string | QueryTree> {
  const node = tree[key];
  if (node === undefined || typeof node === 'string') return {};
  const entries = typeof node['entry'] === 'object' ? { entry: node['entry'] } : { entry: node };
  const map: Record<string, string | QueryTree> = {};
  for (const entry of queryList(entries, 'entry')) {
    if (typeof entry === 'string') continue;
    const name =
      queryString(entry, 'Name') ?? queryString(entry, 'key') ?? queryString(entry, 'Key');
    const value = entry['Value'] ?? entry['value'];
    if (name !== undefined && value !== undefined) map[name] = value;
  }
  return map;
}

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/** Writes `<ActionResponse><ActionResult>…` with lists as repeated elements of arrays. */
export function writeXml(
  response: ServerResponse,
  request: AwsRequest,
  { action, namespace, result }: { action: string; namespace: string; result?: object | undefined },
): void {
  send(response, request, 200, {
    [`${action}Response`]: {
      '@xmlns': namespace,
      ...(result === undefined ? {} : { [`${action}Result`]: result }),
      ResponseMetadata: { RequestId: request.requestId },
    },
  });
}

/** @param options.detail writes an empty `Detail`, as SQS does and SNS does not */
export function writeXmlError(
  response: ServerResponse,
  request: AwsRequest,
  error: AwsError,
  { namespace, detail = true }: { namespace: string; detail?: boolean },
): void {
  send(response, request, error.httpStatus, {
    ErrorResponse: {
      '@xmlns': namespace,
      Error: {
        Type: error.fault,
        Code: error.queryCode,
        Message: error.message,
        ...(detail && { Detail: '' }),
      },
      RequestId: request.requestId,
    },
  });
}

function send(response: ServerResponse, request: AwsRequest, status: number, tree: object): void {
  // XML parsers turn a bare carriage return into a line feed.
  const xml = builder.build(tree).replaceAll('\r', '&#xD;');
  const bytes = Buffer.from(`<?xml version="1.0"?>\n${xml}`);
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': bytes.length,
    'x-amzn-requestid': request.requestId,
  });
  response.end(bytes);
}
