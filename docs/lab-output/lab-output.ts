import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withSection } from '../marked-section.ts';
import { comparable, withoutIds } from './comparable.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** Where the page of a lab shows what the lab prints, and what it printed. */
export interface LabOutput {
  readonly name: string;
  /** The page, from the repository's root. */
  readonly page: string;
  readonly lines: readonly string[];
}

/**
 * Compares the page of a lab with a run of it.
 *
 * @returns what is wrong with the page, or undefined
 */
export async function reasonAgainstPage(output: LabOutput): Promise<string | undefined> {
  const shown = shownOutput(await readFile(join(REPOSITORY, output.page), 'utf8'), output.name);
  if (shown === undefined) return `${output.page} has no output of the lab ${output.name}`;
  const printed = comparable(output.lines.join('\n'));
  const difference = firstDifference(comparable(shown), printed);
  return difference === undefined
    ? undefined
    : `${output.page} shows ${difference.shown} where the lab ${output.name} prints ${difference.printed}; npm run docs:labs -- --write puts it right`;
}

/**
 * Puts the output into the page.
 *
 * @throws MarkersMissingError when the page has no place for it
 */
export async function writeToPage({ name, page, lines }: LabOutput): Promise<void> {
  const file = join(REPOSITORY, page);
  const block = ['```', ...withoutIds(lines.join('\n')).trim().split('\n'), '```'].join('\n');
  await writeFile(file, withSection(await readFile(file, 'utf8'), sectionName(name), block));
}

/** What a page shows as the output of a lab, or undefined. */
export function shownOutput(document: string, name: string): string | undefined {
  const [, rest] = document.split(`<!-- ${sectionName(name)}:start -->`);
  const [section] = rest?.split(`<!-- ${sectionName(name)}:end -->`) ?? [];
  return /```\n(?<block>[\s\S]*)\n```/.exec(section ?? '')?.groups?.['block'];
}

/** The labs whose output a document shows. */
export const labsShownIn = (document: string): string[] =>
  [...document.matchAll(/<!-- lab:(?<name>[a-z-]+):start -->/g)].map(
    ({ groups }) => groups?.['name'] ?? '',
  );

const sectionName = (name: string): string => `lab:${name}`;

function firstDifference(
  shown: string,
  printed: string,
): { shown: string; printed: string } | undefined {
  const shownLines = shown.split('\n');
  const printedLines = printed.split('\n');
  for (let place = 0; place < Math.max(shownLines.length, printedLines.length); place += 1) {
    const [left = 'nothing more', right = 'nothing more'] = [
      shownLines[place],
      printedLines[place],
    ];
    if (left !== right) return { shown: JSON.stringify(left), printed: JSON.stringify(right) };
  }
  return undefined;
}
