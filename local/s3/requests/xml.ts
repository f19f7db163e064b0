import type { ServerResponse } from 'node:http';
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import * as z from 'zod';
import { AwsError } from '../../endpoint/aws-error.ts';
import type { AwsRequest } from '../../endpoint/aws-request.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });
const parser = new XMLParser({
  parseTagValue: false,
  isArray: (name) => name === 'Object' || name === 'Part',
});

/** Answers with an XML document of one root element. */
export function writeXmlDocument(response: ServerResponse, root: string, content: object): void {
  send(response, 200, { [root]: { '@xmlns': NAMESPACE, ...content } });
}

export function writeS3Error(response: ServerResponse, request: AwsRequest, error: AwsError): void {
  // An answer to HEAD has no body; the SDKs take the status for the error.
  if (request.method === 'HEAD') {
    response.writeHead(error.httpStatus).end();
    return;
  }
  send(response, error.httpStatus, {
    Error: {
      Code: error.code,
      Message: error.message,
      Resource: request.path,
      RequestId: request.requestId,
    },
  });
}

const deleteInput = z.object({
  Delete: z.object({ Object: z.array(z.object({ Key: z.string() })) }),
});
const completeInput = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.array(z.object({ PartNumber: z.coerce.number().int() })),
  }),
});

/** The keys that a DeleteObjects request names. @throws AwsError MalformedXML */
export const readKeysToDelete = (body: Buffer): string[] =>
  read(body, deleteInput).Delete.Object.map(({ Key: key }) => key);

/** The part numbers that a CompleteMultipartUpload request names. @throws AwsError MalformedXML */
export const readPartNumbers = (body: Buffer): number[] =>
  read(body, completeInput).CompleteMultipartUpload.Part.map(({ PartNumber: number }) => number);

function read<T>(body: Buffer, schema: z.ZodType<T>): T {
  const text = body.toString('utf8');
  const parsed = XMLValidator.validate(text) === true && schema.safeParse(parser.parse(text));
  if (parsed && parsed.success) return parsed.data;
  throw new AwsError('MalformedXML', 'The XML you provided was not well-formed');
}

function send(response: ServerResponse, status: number, tree: object): void {
  const bytes = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(tree)}`);
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': bytes.length });
  response.end(bytes);
}
