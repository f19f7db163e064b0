import { invalidArgument } from '../errors.ts';
import { isDeleteMarker, type StoredObject, type StoredVersion } from '../model/object.ts';

const MAX_KEYS = 1000;

/**
 * Answers ListObjectsV2 (and ListObjects, its predecessor) as the tree of its XML.
 *
 * @param objects all objects of the bucket, ordered by key
 * @throws S3Error InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjects(
  bucket: string,
  objects: StoredObject[],
  query: URLSearchParams,
): object {
  const isV2 = query.get('list-type') === '2';
  const token = query.get('continuation-token');
  const after = token
    ? Buffer.from(token, 'base64url').toString()
    : (query.get(isV2 ? 'start-after' : 'marker') ?? '');
  const { contents, commonPrefixes, last, truncated, common, encode } = page(
    objects,
    query,
    (object, position) => isAfter(position, after) && object.key !== after,
  );
  const next = common.Delimiter === undefined ? {} : { NextMarker: encode(last) };
  return {
    Name: bucket,
    ...common,
    IsTruncated: truncated,
    ...(isV2
      ? {
          KeyCount: contents.length + commonPrefixes.length,
          ...(token && { ContinuationToken: token }),
          ...(truncated && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
          ...(query.has('start-after') && { StartAfter: encode(query.get('start-after') ?? '') }),
        }
      : { Marker: encode(after), ...(truncated && next) }),
    Contents: contents.map((object) => ({
      Key: encode(object.key),
      LastModified: new Date(object.modifiedAt).toISOString(),
      ETag: object.etag,
      ...checksumOf(object),
      Size: object.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  };
}

/**
 * Answers ListObjectVersions as the tree of its XML.
 *
 * @param versions of each key of the bucket, the newest first; ordered by key
 * @throws S3Error InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export function listVersions(
  bucket: string,
  versions: StoredVersion[][],
  query: URLSearchParams,
): object {
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  const seen = new Set<StoredVersion>();
  const ofMarker = versions.find(([newest]) => newest?.key === keyMarker) ?? [];
  const passed = ofMarker.findIndex(({ versionId }) => versionId === versionMarker);
  for (const version of ofMarker.slice(0, passed + 1)) seen.add(version);
  const newest = new Set(versions.flatMap(([first]) => first ?? []));
  const { contents, commonPrefixes, last, truncated, common, encode } = page(
    versions.flat(),
    query,
    (version, position) =>
      isAfter(position, keyMarker) ||
      (version.key === keyMarker && versionMarker !== '' && !seen.has(version)),
  );
  const element = (version: StoredVersion): object => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: newest.has(version),
    LastModified: new Date(version.modifiedAt).toISOString(),
  });
  const lastVersion = contents.at(-1);
  return {
    Name: bucket,
    ...common,
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionMarker,
    IsTruncated: truncated,
    ...(truncated && {
      NextKeyMarker: encode(last),
      ...(lastVersion?.key === last && { NextVersionIdMarker: lastVersion.versionId }),
    }),
    Version: contents.flatMap((version) =>
      isDeleteMarker(version)
        ? []
        : [
            {
              ...element(version),
              ETag: version.etag,
              ...checksumOf(version),
              Size: version.size,
              StorageClass: 'STANDARD',
            },
          ],
    ),
    DeleteMarker: contents.filter(isDeleteMarker).map(element),
    CommonPrefixes: commonPrefixes.map((group) => ({ Prefix: encode(group) })),
  };
}

/**
 * What a listing shows: entries below the prefix that `wanted` takes, those with the delimiter after
 * it as one group each, and no more than `max-keys` of both.
 *
 * @param wanted asked with an entry and the key or group that it would be shown as
 */
function page<T extends { key: string }>(
  entries: T[],
  query: URLSearchParams,
  wanted: (entry: T, position: string) => boolean,
) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = maxKeysOf(query);
  const encode = encoder(query);
  const contents: T[] = [];
  const commonPrefixes = new Set<string>();
  let last = '';
  let truncated = false;
  for (const entry of entries) {
    if (!entry.key.startsWith(prefix)) continue;
    const group = commonPrefixOf(entry.key, prefix, delimiter);
    const position = group ?? entry.key;
    if (!wanted(entry, position)) continue;
    if (group !== undefined && commonPrefixes.has(group)) continue;
    if (contents.length + commonPrefixes.size >= maxKeys) {
      truncated = maxKeys > 0;
      break;
    }
    if (group === undefined) contents.push(entry);
    else commonPrefixes.add(group);
    last = position;
  }
  const common = {
    Prefix: encode(prefix),
    ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
    MaxKeys: maxKeys,
    ...(query.has('encoding-type') && { EncodingType: 'url' }),
  };
  return { contents, commonPrefixes: [...commonPrefixes], last, truncated, common, encode };
}

function maxKeysOf(query: URLSearchParams): number {
  const text = query.get('max-keys') ?? String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(text)) {
    throw invalidArgument(`Provided max-keys not an integer or within integer range: ${text}`);
  }
  return Math.min(Number(text), MAX_KEYS);
}

/** @throws S3Error InvalidArgument */
function encoder(query: URLSearchParams): (key: string) => string {
  const type = query.get('encoding-type');
  if (type === null) return (key) => key;
  if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request');
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/');
}

const isAfter = (position: string, marker: string): boolean =>
  marker === '' || Buffer.compare(Buffer.from(position), Buffer.from(marker)) > 0;

/** The key up to the first delimiter after the prefix, or undefined when there is none. */
function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

const checksumOf = ({ checksum }: StoredObject): object =>
  checksum ? { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type } : {};
