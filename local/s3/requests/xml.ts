import type { ServerResponse } from 'node:http';
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import * as z from 'zod';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { AwsRequest } from '../../endpoint/aws-request.ts';
import { malformedXml, S3Error } from '../errors.ts';
import type { NamedPart } from '../model/multipart-uploads.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
const parser = new XMLParser({
  parseTagValue: false,
  // A key may begin or end with spaces, and hold a line feed as a character reference.
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => name === 'Object' || name === 'Part' || name === 'Tag',
});

/** Answers with an XML document of one root element. */
export function writeXmlDocument(
  response: ServerResponse,
  root: string,
  content: object,
  headers: Record<string, string> = {},
): void {
  send(response, 200, { [root]: { '@xmlns': NAMESPACE, ...content } }, headers);
}

export function writeS3Error(response: ServerResponse, request: AwsRequest, error: AwsError): void {
  const headers = error instanceof S3Error ? error.headers : {};
  // An answer to HEAD has no body; the SDKs take the status for the error.
  if (request.method === 'HEAD') {
    response.writeHead(error.httpStatus, headers).end();
    return;
  }
  const tree = {
    Error: {
      Code: error.code,
      Message: error.message,
      Resource: request.path,
      RequestId: request.requestId,
    },
  };
  send(response, error.httpStatus, tree, headers);
}

const deleteInput = z.object({
  Delete: z.object({
    Object: z.array(z.object({ Key: z.string(), VersionId: z.string().optional() })).max(1000),
    Quiet: z.string().optional(),
  }),
});
const completeInput = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.array(z.object({ PartNumber: z.coerce.number().int(), ETag: z.string() })),
  }),
});
const taggingInput = z.object({
  Tagging: z.object({
    TagSet: z.union([
      // An element without elements is read as a text.
      z.string(),
      z.object({ Tag: z.array(z.object({ Key: z.string(), Value: z.string() })) }),
    ]),
  }),
});
const versioningInput = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }),
});

/** What a DeleteObjects request names. @throws S3Error MalformedXML */
export function readObjectsToDelete(body: Buffer): {
  objects: { key: string; versionId?: string }[];
  quiet: boolean;
} {
  const { Object: objects, Quiet: quiet } = read(body, deleteInput).Delete;
  return {
    objects: objects.map(({ Key: key, VersionId: versionId }) =>
      versionId === undefined ? { key } : { key, versionId },
    ),
    quiet: quiet === 'true',
  };
}

/** The parts that a CompleteMultipartUpload request names. @throws S3Error MalformedXML */
export const readParts = (body: Buffer): NamedPart[] =>
  read(body, completeInput).CompleteMultipartUpload.Part.map(
    ({ PartNumber: partNumber, ETag: etag }) => ({ partNumber, etag }),
  );

/** The tags that a PutObjectTagging request gives, in their order. @throws S3Error MalformedXML */
export function readTagSet(body: Buffer): [key: string, value: string][] {
  const { TagSet: set } = read(body, taggingInput).Tagging;
  return typeof set === 'string' ? [] : set.Tag.map(({ Key, Value }) => [Key, Value]);
}

/** @throws S3Error MalformedXML */
export const readVersioning = (body: Buffer): 'Enabled' | 'Suspended' =>
  read(body, versioningInput).VersioningConfiguration.Status;

/** Documents with a type declaration are refused: S3 knows none, and entities are a danger. */
function read<T>(body: Buffer, schema: z.ZodType<T>): T {
  const text = body.toString('utf8');
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) throw malformedXml();
  const parsed = schema.safeParse(parser.parse(text));
  if (!parsed.success) throw malformedXml();
  return parsed.data;
}

function send(
  response: ServerResponse,
  status: number,
  tree: object,
  headers: Record<string, string>,
): void {
  const bytes = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(tree)}`);
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}
