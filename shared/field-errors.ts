import type * as z from 'zod/mini';

/** One thing that is wrong with an input: where, which rule it breaks, and that rule in words. */
export interface FieldError {
  /** Such as `lines[0].quantity`; `body` for the whole. */
  readonly field: string;
  /** Short and stable, for a program to look at. */
  readonly rule: string;
  readonly detail: string;
}

/** Neither many bad fields nor one with a huge name may make a huge answer. */
const MAX_ERRORS = 100;
const MAX_NAME_LENGTH = 100;

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Says what zod found in this project's own words. The input must have been parsed with
 * `reportInput`, which is how a missing field is told from one of a wrong type; its value never
 * appears in what is said. At most 100 problems are named.
 */
export function fieldErrors(issues: readonly Issue[]): FieldError[] {
  const errors = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownField([...issue.path, key]))
      : [fieldError(issue)],
  );
  return lastOfEachRule(errors).slice(0, MAX_ERRORS);
}

/** A field that breaks a rule twice, a limit of the type and one of its own, is told the latter. */
function lastOfEachRule(errors: readonly FieldError[]): FieldError[] {
  return [...new Map(errors.map((each) => [`${each.field} ${each.rule}`, each])).values()];
}

function unknownField(path: Path): FieldError {
  return error(path, 'unknown-field', 'is not a known field');
}

function fieldError(issue: Exclude<Issue, z.core.$ZodIssueUnrecognizedKeys>): FieldError {
  const { path } = issue;
  if (issue.code === 'custom') {
    const rule: unknown = issue.params?.rule;
    return error(path, typeof rule === 'string' ? rule : 'invalid', issue.message);
  }
  if (issue.input === undefined) return error(path, 'required', 'is required');
  switch (issue.code) {
    case 'invalid_type':
      // JSON has no infinity, but 1e999 is read as one.
      if (issue.input === Infinity || issue.input === -Infinity) {
        return error(path, 'finite', 'must be a finite number');
      }
      return issue.expected === 'int' && typeof issue.input === 'number'
        ? error(path, 'integer', 'must be a whole number')
        : error(
            path,
            'type',
            `must be of type ${issue.expected === 'int' ? 'number' : issue.expected}`,
          );
    case 'too_small':
      return error(path, 'minimum', `must ${measure(issue.origin)} at least ${issue.minimum}`);
    case 'too_big':
      return error(path, 'maximum', `must ${measure(issue.origin)} at most ${issue.maximum}`);
    case 'invalid_value':
      return error(path, 'allowed-values', `must be one of ${issue.values.join(', ')}`);
    case 'invalid_union':
      return error(path, 'allowed-values', 'is none of the known kinds');
    case 'invalid_format':
      return error(path, 'format', `must be ${formatName(issue.format)}`);
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      break;
  }
  return error(path, 'invalid', 'is not valid');
}

function measure(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' ? 'have a number of entries of' : 'be';
}

function formatName(format: string): string {
  if (format === 'email') return 'an e-mail address';
  return format === 'datetime' ? 'a date and time as in ISO 8601' : 'in the documented form';
}

function error(path: Path, rule: string, detail: string): FieldError {
  return { field: fieldName(path), rule, detail };
}

function fieldName(path: Path): string {
  const name = path
    .map((part) =>
      typeof part === 'number' ? `[${part}]` : `.${String(part).slice(0, MAX_NAME_LENGTH)}`,
    )
    .join('');
  return name === '' ? 'body' : name.replace(/^\./, '');
}
