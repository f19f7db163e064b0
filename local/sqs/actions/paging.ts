import { invalidParameter, invalidValue } from '../errors.ts';

const LARGEST_PAGE = 1_000;

/**
 * One page of a sorted list of names. A token is handed out only to callers that ask for pages.
 *
 * @throws AwsError InvalidParameterValue
 */
export function pageOf(
  names: string[],
  {
    MaxResults: size,
    NextToken: token,
  }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { page: string[]; next: { NextToken?: string } } {
  if (size !== undefined && (size < 1 || size > LARGEST_PAGE)) {
    throw invalidValue(
      size,
      'MaxResults',
      `MaxResults must be an integer between 1 and ${LARGEST_PAGE}`,
    );
  }
  if (token !== undefined && size === undefined) {
    throw invalidParameter(
      'MaxResults is a mandatory parameter when you provide a value for NextToken.',
    );
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString('utf8');
  const left = names.filter((name) => name > after);
  const page = left.slice(0, size ?? LARGEST_PAGE);
  const last = page.at(-1);
  const more = size !== undefined && last !== undefined && left.length > page.length;
  return { page, next: more ? { NextToken: Buffer.from(last).toString('base64') } : {} };
}
