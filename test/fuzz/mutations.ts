/** A request as it goes over the wire. */
export interface WireRequest {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
}

export type Random = () => number;

/** What programs send by mistake, and what others send on purpose. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  'x'.repeat(2_000),
  '\u0000',
  '\uD800',
  '\u202E',
  '../../etc/passwd',
  '%zz',
  '__proto__',
  'constructor',
  '999999999999999999999',
  'NaN',
  '{"a":',
  [],
  [null],
  [[]],
  {},
  { length: { toString: 1 } },
  { toString: 1 },
  JSON.parse('{"__proto__":{"a":1}}'),
];
const HOSTILE_TEXT: readonly string[] = [
  '',
  '\u0000',
  '%zz',
  '%E0%A4%A',
  '{',
  '<!DOCTYPE x [<!ENTITY e "e">]>',
  '&a.b.c=1&a=2',
  '.1',
  '/../',
  'null',
  '\uFFFD',
];

/** The same request, changed in one to three places. */
export function mutated(request: WireRequest, random: Random): WireRequest {
  let result = request;
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) result = changedOnce(result, random);
  return result;
}

function changedOnce(request: WireRequest, random: Random): WireRequest {
  const kind = random();
  if (kind < 0.5 && request.body !== '') {
    return { ...request, body: changedBody(request.body, random) };
  }
  if (kind < 0.65) return { ...request, target: changedTarget(request.target, random) };
  if (kind < 0.8) return { ...request, headers: changedHeaders(request.headers, random) };
  if (kind < 0.85) {
    return { ...request, method: pick(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH'], random) };
  }
  return { ...request, body: changedText(request.body, random) };
}

function changedBody(body: string, random: Random): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return changedText(body, random);
  }
  return JSON.stringify(changedJson(json, random)) ?? '';
}

/** Replaces, drops or renames something within, or the whole of it. */
function changedJson(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) {
    return pick(HOSTILE, random);
  }
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return pick(HOSTILE, random);
  const chosen = Math.floor(random() * entries.length);
  const kind = random();
  const changed = entries.flatMap(([name, member], index): [string, unknown][] => {
    if (index !== chosen) return [[name, member]];
    if (kind < 0.1) return [];
    if (kind < 0.2) return [[pick(HOSTILE_TEXT, random), member]];
    return [[name, changedJson(member, random)]];
  });
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
}

function changedTarget(target: string, random: Random): string {
  const [path = '', query] = target.split('?');
  if (query !== undefined && random() < 0.6) {
    return `${path}?${changedText(query, random)}`.replaceAll(/[^\u0021-\u007E]/g, '%00');
  }
  const parts = path.split('/');
  parts[Math.floor(random() * parts.length)] = pick(HOSTILE_TEXT, random);
  const changed = parts.join('/').replaceAll(/[^\u0021-\u007E]/g, '%EF%BF%BD');
  return `/${changed.replace(/^\/+/, '')}${query === undefined ? '' : `?${query}`}`;
}

function changedHeaders(headers: Record<string, string>, random: Random): Record<string, string> {
  const names = Object.keys(headers);
  const name = names[Math.floor(random() * names.length)];
  if (name === undefined) return headers;
  const { [name]: value = '', ...others } = headers;
  if (random() < 0.3) return others;
  // Node refuses to send what no HTTP client could.
  const changed = changedText(value, random).replaceAll(/[^\u0020-\u007E]/g, '');
  return { ...others, [name]: changed };
}

function changedText(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const length = Math.floor(random() * 8);
  const kind = random();
  if (kind < 0.3) return text.slice(0, at);
  if (kind < 0.5) return text.slice(0, at) + text.slice(at + length);
  return text.slice(0, at) + pick(HOSTILE_TEXT, random) + text.slice(at);
}

export function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined && values.length === 0) throw new Error('Nothing to pick from');
  return value as T;
}
