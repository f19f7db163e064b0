import type { MessageAttribute } from '../../sqs/queue.ts';
import { invalidAttribute } from '../errors.ts';

const LONGEST_NAME = 256;
const TYPE = /^(Binary|Number|String)(?:\..+)?$/;

/** @throws AwsError ParameterValueInvalid */
export function checkMessageAttributes(attributes: Record<string, MessageAttribute>): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    checkName(name);
    checkValue(name, attribute);
  }
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) >= LONGEST_NAME) {
    throw invalidAttribute(
      `Length of message attribute name must be less than ${LONGEST_NAME} bytes.`,
    );
  }
  const odd = /[^A-Za-z0-9_.-]/.exec(name)?.[0];
  if (odd !== undefined) {
    const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase();
    throw invalidAttribute(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.')) {
    throw invalidAttribute("Invalid message attribute name starting with character '.' was found.");
  }
  if (name.endsWith('.')) {
    throw invalidAttribute("Invalid message attribute name ending with character '.' was found.");
  }
  if (name.includes('..')) {
    throw invalidAttribute("Message attribute name can not have successive '.' character.");
  }
}

function checkValue(name: string, attribute: MessageAttribute): void {
  const { dataType, stringValue, binaryValue } = attribute;
  const type = TYPE.exec(dataType)?.[1];
  if (type === undefined) {
    throw invalidAttribute(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const [value, other, field] =
    type === 'Binary' ? [binaryValue, stringValue, 'Binary'] : [stringValue, binaryValue, 'String'];
  if (value === undefined && other !== undefined) {
    throw invalidAttribute(
      `The message attribute '${name}' with type '${dataType}' must use field '${field}'.`,
    );
  }
  if (value === undefined || value === '') {
    throw invalidAttribute(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  if (dataType === 'Number' && (value.trim() === '' || Number.isNaN(Number(value)))) {
    throw invalidAttribute(`Could not cast message attribute '${name}' value to number.`);
  }
}

/** Names, types and values count towards the size of a message; a binary value in its raw length. */
export function sizeOfAttributes(attributes: Record<string, MessageAttribute>): number {
  let size = 0;
  for (const [name, { dataType, stringValue, binaryValue }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(dataType);
    if (stringValue !== undefined) size += Buffer.byteLength(stringValue);
    if (binaryValue !== undefined) size += Buffer.byteLength(binaryValue, 'base64');
  }
  return size;
}
