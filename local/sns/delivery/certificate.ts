import { sign, type KeyObject } from 'node:crypto';

/** Tags of ASN.1 types in DER (ITU-T X.690, section 8.1.2). */
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
/** Context-specific tags of TBSCertificate: its version and its extensions. */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

/** Object identifiers, encoded. */
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('551d13', 'hex');
const OBJECT_IDENTIFIER = 0x06;

export interface CertificateSubject {
  commonName: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}

/**
 * A self-signed X.509 certificate (version 3) for an RSA key, as PEM. Node reads certificates but
 * makes none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSignedCertificate(subject: CertificateSubject): string {
  const algorithm = der(SEQUENCE, der(OBJECT_IDENTIFIER, SHA256_WITH_RSA), der(NULL));
  const name = nameOf(subject.commonName);
  const noAuthority = der(
    SEQUENCE,
    der(OBJECT_IDENTIFIER, BASIC_CONSTRAINTS),
    der(BOOLEAN, Buffer.from([0xff])),
    der(OCTET_STRING, der(SEQUENCE)),
  );
  const toBeSigned = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    algorithm,
    name,
    der(SEQUENCE, time(subject.notBefore), time(subject.notAfter)),
    name,
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, noAuthority)),
  );
  const signature = sign('RSA-SHA256', toBeSigned, subject.privateKey);
  const unusedBits = Buffer.from([0]);
  const certificate = der(
    SEQUENCE,
    toBeSigned,
    algorithm,
    der(BIT_STRING, Buffer.concat([unusedBits, signature])),
  );
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** One value: its tag, the length of its contents and these. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

/** Up to 127 in one byte; above, the number of bytes that follow and the length in them. */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

const nameOf = (commonName: string): Buffer =>
  der(
    SEQUENCE,
    der(
      SET,
      der(SEQUENCE, der(OBJECT_IDENTIFIER, COMMON_NAME), der(UTF8_STRING, Buffer.from(commonName))),
    ),
  );

/** `20261125120000Z` */
const time = (date: Date): Buffer =>
  der(GENERALIZED_TIME, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`));
