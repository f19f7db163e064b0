import { expect, it } from '@jest/globals';
import { AwsError } from '../../endpoint/aws-error.ts';
import { readObjectsToDelete } from '../../s3/requests/xml.ts';

it.each([
  '<!DOCTYPE x><Delete><Object><Key>a</Key></Object></Delete>',
  '',
  '<a',
  'text',
  '<Delete></Object>',
  '<Delete><Object/></Delete>',
])('the S3 body %j is refused as malformed', (xml) => {
  expect(() => readObjectsToDelete(Buffer.from(xml))).toThrow(
    new AwsError('MalformedXML', 'The XML you provided was not well-formed'),
  );
});
