import { hash } from 'node:crypto';
import { invalidParameter } from '../errors.ts';
import type { MessageAttribute } from '../queue.ts';
import { MAXIMUM_MESSAGE_ATTRIBUTES } from './limits.ts';
import { characterOutsideXml } from './message.ts';

const TYPE = /^(String|Number|Binary)(\.[\s\S]*)?$/;
/** More than the developer guide promises: accented letters are accepted as well. */
const NAME = /^[\u00c0-\u017fA-Za-z0-9_.-]{1,256}$/;
const RESERVED_PREFIX = /^(aws\.|amazon\.)/i;
/** Numbers may have up to 38 digits. */
const NUMBER = /^[+-]?(\d{1,38}(\.\d{0,38})?|\.\d{1,38})([eE][+-]?\d{1,3})?$/;

/**
 * Checks a message's own attributes as SendMessage does.
 *
 * @throws AwsError InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function validateMessageAttributes(attributes: Record<string, MessageAttribute>): void {
  const names = Object.keys(attributes);
  if (names.length > MAXIMUM_MESSAGE_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MAXIMUM_MESSAGE_ATTRIBUTES}].`,
    );
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    validateName(name);
    validateTypeAndValue(name, attribute);
  }
}

function validateName(name: string): void {
  if (name === '') {
    throw invalidParameter('The request must contain non-empty message (user) attribute names.');
  }
  if (name.length > 256) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' must be shorter than 256 bytes.`,
    );
  }
  if (RESERVED_PREFIX.test(name)) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid. You can't use the reserved prefixes AWS. and Amazon.`,
    );
  }
  if (!NAME.test(name) || name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is invalid. It can contain alphanumeric characters, underscores, hyphens and periods, and can't start or end with a period or have periods in succession.`,
    );
  }
}

function validateTypeAndValue(name: string, attribute: MessageAttribute): void {
  const { dataType, stringValue, binaryValue } = attribute;
  if (dataType === '') {
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty attribute type.`,
    );
  }
  const baseType = TYPE.exec(dataType)?.[1];
  if (baseType === undefined || dataType.length > 256) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  const value = baseType === 'Binary' ? binaryValue : stringValue;
  if (value === undefined || value === '') {
    throw invalidParameter(
      `Message (user) attribute '${name}' must contain a non-empty value of type '${baseType}'.`,
    );
  }
  if (baseType === 'Number' && !NUMBER.test(value.trim())) {
    throw invalidParameter(
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    );
  }
  const character = baseType === 'String' ? characterOutsideXml(value) : undefined;
  if (character !== undefined) {
    throw invalidParameter(
      `Invalid binary character '${character}' was found in the value of message (user) attribute '${name}', the set of allowed characters is #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF].`,
    );
  }
}

/** What the attributes add to the size of their message: names, types and values. */
export function sizeOfAttributes(attributes: Record<string, MessageAttribute>): number {
  let size = 0;
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(dataType);
    size +=
      stringValue === undefined
        ? Buffer.byteLength(binaryValue ?? '', 'base64')
        : Buffer.byteLength(stringValue);
  }
  return size;
}

const STRING_VALUE = Buffer.of(1);
const BINARY_VALUE = Buffer.of(2);

/**
 * The digest that the SDKs compare with their own: MD5 over the attributes in the order of their
 * names, each part with its length before it as four bytes.
 *
 * @returns undefined when there are none
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Record<string, MessageAttribute>): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const parts: Buffer[] = [];
  const add = (part: Buffer): void => {
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(part.length);
    parts.push(length, part);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.dataType));
    if (attribute.binaryValue === undefined) {
      parts.push(STRING_VALUE);
      add(Buffer.from(attribute.stringValue ?? ''));
    } else {
      parts.push(BINARY_VALUE);
      add(Buffer.from(attribute.binaryValue, 'base64'));
    }
  }
  return hash('md5', Buffer.concat(parts));
}

const EVERY = new Set(['All', '.*', '*']);

/**
 * The attributes that a receiver asked for: by name, by prefix (`order.*`), or all of them (`All`,
 * `.*`, `*`).
 */
export function selectAttributes(
  attributes: Record<string, MessageAttribute>,
  wanted: string[],
): Record<string, MessageAttribute> {
  if (wanted.some((name) => EVERY.has(name))) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );
}
