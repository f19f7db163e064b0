import type { StoredObject } from '../model/object-store.ts';

const MAX_KEYS = 1000;

/**
 * Answers ListObjectsV2 (and ListObjects, its predecessor) as the tree of its XML.
 *
 * @param objects all objects of the bucket, ordered by key
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjects(
  bucket: string,
  objects: StoredObject[],
  query: URLSearchParams,
): object {
  const isV2 = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  const token = query.get('continuation-token');
  const after = token
    ? Buffer.from(token, 'base64url').toString()
    : (query.get(isV2 ? 'start-after' : 'marker') ?? '');
  const encode = query.get('encoding-type') === 'url' ? encodeKey : (key: string) => key;

  const contents: StoredObject[] = [];
  const commonPrefixes = new Set<string>();
  let last = '';
  let truncated = false;
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const group = commonPrefixOf(object.key, prefix, delimiter);
    const position = group ?? object.key;
    if (after !== '' && Buffer.compare(Buffer.from(position), Buffer.from(after)) <= 0) continue;
    if (group !== undefined && commonPrefixes.has(group)) continue;
    if (contents.length + commonPrefixes.size >= maxKeys) {
      truncated = maxKeys > 0;
      break;
    }
    if (group === undefined) contents.push(object);
    else commonPrefixes.add(group);
    last = position;
  }

  return {
    Name: bucket,
    Prefix: encode(prefix),
    ...(delimiter && { Delimiter: encode(delimiter) }),
    MaxKeys: maxKeys,
    ...(query.has('encoding-type') && { EncodingType: 'url' }),
    IsTruncated: truncated,
    ...(isV2
      ? {
          KeyCount: contents.length + commonPrefixes.size,
          ...(token && { ContinuationToken: token }),
          ...(truncated && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
        }
      : { Marker: encode(after), ...(truncated && { NextMarker: encode(last) }) }),
    Contents: contents.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.modifiedAt).toISOString(),
      ETag: object.etag,
      Size: object.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: [...commonPrefixes].map((group) => ({ Prefix: encode(group) })),
  };
}

/** The key up to the first delimiter after the prefix, or undefined when there is none. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

const encodeKey = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/');
