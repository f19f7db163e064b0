import { expect, it } from '@jest/globals';
import { AwsError } from '../../endpoint/aws-error.ts';
import { readKeysToDelete } from '../../s3/requests/xml.ts';

it.each(['', '<a', 'text', '<Delete></Object>', '<Delete><Object/></Delete>'])(
  'the S3 body %j is refused as malformed',
  (xml) => {
    expect(() => readKeysToDelete(Buffer.from(xml))).toThrow(
      new AwsError('MalformedXML', 'The XML you provided was not well-formed'),
    );
  },
);
