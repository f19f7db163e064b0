import type { AwsRequest } from './aws-request.ts';
import { isJsonProtocol, jsonAction } from './json-protocol.ts';
import { parseQuery, queryString } from './query-protocol.ts';

/** Actions of the REST services that matter here: method and path, the first that fits. */
const REST_ACTIONS: Record<string, [method: string, path: RegExp, action: string][]> = {
  ses: [['POST', /^\/v2\/email\/outbound-emails\/?$/, 'SendEmail']],
  lambda: [['POST', /^\/2015-03-31\/functions\/[^/]+\/invocations$/, 'Invoke']],
  s3: [
    ['GET', /^\/[^/]+\/./, 'GetObject'],
    ['HEAD', /^\/[^/]+\/./, 'HeadObject'],
    ['PUT', /^\/[^/]+\/./, 'PutObject'],
    ['DELETE', /^\/[^/]+\/./, 'DeleteObject'],
    ['GET', /^\/[^/]+\/?$/, 'ListObjectsV2'],
  ],
};

/** What a request asks for, as the API reference names it; method and path where that is unknown. */
export function actionOf(service: string, request: AwsRequest): string {
  if (isJsonProtocol(request)) return jsonAction(request);
  const { method, path } = request;
  const rest = REST_ACTIONS[service];
  if (!rest) return queryString(parseQuery(request), 'Action') ?? `${method} ${path}`;
  const known = rest.find(([verb, pattern]) => verb === method && pattern.test(path));
  return known?.[2] ?? `${method} ${path}`;
}
