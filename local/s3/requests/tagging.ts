import { invalidTag, S3Error } from '../errors.ts';
import { versionHeader } from './object-answer.ts';
import { versionIdOf, type OperationParts, type Operations, type S3Request } from './operation.ts';
import { readTagSet, writeXmlDocument } from './xml.ts';

const MOST_TAGS = 10;
/** In characters. */
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function taggingOperations({ store }: OperationParts): Operations {
  const objectOf = (request: S3Request) =>
    store.object(request.bucket, request.key, versionIdOf(request));
  return {
    'GET tagging'(request, response) {
      const object = objectOf(request);
      const tags = Object.entries(object.tags).map(([Key, Value]) => ({ Key, Value }));
      const result = { TagSet: tags.length > 0 ? { Tag: tags } : '' };
      writeXmlDocument(response, 'Tagging', result, versionHeader(object));
    },

    async 'PUT tagging'(request, response) {
      const object = objectOf(request);
      await store.setTags(object, checkedTags(readTagSet(request.body)));
      response.writeHead(200, versionHeader(object)).end();
    },

    async 'DELETE tagging'(request, response) {
      const object = objectOf(request);
      await store.setTags(object, {});
      response.writeHead(204, versionHeader(object)).end();
    },
  };
}

/** Reads `x-amz-tagging`: tags as the parameters of a URL. @throws S3Error InvalidTag, BadRequest */
export const readTagHeader = (header: string | undefined): Record<string, string> =>
  checkedTags([...new URLSearchParams(header)]);

function checkedTags(entries: [key: string, value: string][]): Record<string, string> {
  if (entries.length > MOST_TAGS) {
    throw new S3Error('BadRequest', `Object tags cannot be greater than ${MOST_TAGS}`);
  }
  const tags: Record<string, string> = {};
  for (const [key, value] of entries) {
    if (key === '' || key.length > LONGEST_KEY || key.startsWith('aws:')) {
      throw invalidTag(`The TagKey you have provided is invalid: ${key}`);
    }
    if (value.length > LONGEST_VALUE) {
      throw invalidTag(`The TagValue you have provided is invalid: ${value}`);
    }
    if (Object.hasOwn(tags, key)) {
      throw invalidTag('Cannot provide multiple Tags with the same key');
    }
    tags[key] = value;
  }
  return tags;
}
