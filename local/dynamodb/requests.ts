import type { AwsError } from '../endpoint/aws-error.ts';
import { serializationException, validationException } from './errors.ts';

const EMPTY_VALUE =
  'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';

/** Deeper than any input: DynamoDB takes 32 levels within a value. */
const DEEPEST = 100;

/** Members that are maps; every other object of a request is a structure. */
const MAPS = new Set([
  'AttributeUpdates',
  'Expected',
  'ExpressionAttributeNames',
  'KeyConditions',
  'QueryFilter',
  'RequestItems',
  'ScanFilter',
]);
const MAPS_OF_VALUES = new Set([
  'ExclusiveStartKey',
  'ExpressionAttributeValues',
  'Item',
  'Key',
  'M',
]);

/** What an object or array in a request stands for; `null` means something else in each of them. */
type Kind = 'structure' | 'map' | 'map of values' | 'list of maps of values' | 'list of values';

/**
 * Refuses the bodies that the emulator would stumble over: no JSON, no object, `null` where a value
 * has to be, numbers that are none, values nested too deep. A structure's member may be `null`: it counts as absent.
 *
 * @param body empty for a request without one, which the emulator refuses itself
 */
export function refusalOf(body: Buffer): AwsError | undefined {
  if (body.length === 0) return undefined;
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return serializationException(error instanceof Error ? error.message : String(error));
  }
  if (typeof input !== 'object' || input === null) {
    return serializationException(`The body must be a JSON object, not ${describe(input)}`);
  }
  if (Array.isArray(input)) return serializationException('Unexpected start of list');
  return refusalWithin(input, 'structure', '') ?? tagWithoutValue(input);
}

/** TagResource would store the other tags and fail at this one. */
function tagWithoutValue(input: object): AwsError | undefined {
  if (!('Tags' in input) || !Array.isArray(input.Tags)) return undefined;
  const tags: unknown[] = input.Tags;
  const incomplete = tags.some(
    (tag) =>
      typeof tag === 'object' && tag !== null && !('Value' in tag && typeof tag.Value === 'string'),
  );
  return incomplete
    ? validationException('One or more parameter values were invalid: a tag needs a Value')
    : undefined;
}

/** The refusal for the first value that the emulator would stumble over. */
function refusalWithin(value: object, kind: Kind, path: string, depth = 0): AwsError | undefined {
  if (depth > DEEPEST) {
    return validationException('Nesting Levels have exceeded supported limits');
  }
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (member === null) {
      if (kind === 'map of values' || kind === 'list of values') {
        return validationException(EMPTY_VALUE);
      }
      if (kind !== 'structure' || Array.isArray(value)) {
        return serializationException(`${at} must not be null`);
      }
    } else if (name === 'N' && kind === 'structure' && isNoNumber(member)) {
      return validationException(
        `The parameter cannot be converted to a numeric value: ${String(member)}`,
      );
    } else if (typeof member === 'object') {
      const refusal = refusalWithin(member, kindOf(name, kind), at, depth + 1);
      if (refusal) return refusal;
    }
  }
  return undefined;
}

function kindOf(name: string, parent: Kind): Kind {
  if (parent === 'list of maps of values') return 'map of values';
  // Names within a map are the caller's own.
  if (parent !== 'structure') return 'structure';
  if (MAPS.has(name)) return 'map';
  if (MAPS_OF_VALUES.has(name)) return 'map of values';
  if (name === 'Keys') return 'list of maps of values';
  return name === 'L' || name === 'AttributeValueList' ? 'list of values' : 'structure';
}

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

const isNoNumber = (member: unknown): boolean =>
  typeof member === 'string' && member !== '' && !NUMBER.test(member);

const describe = (value: unknown): string => (value === null ? 'null' : `a ${typeof value}`);
