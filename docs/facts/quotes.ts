import type { Facts } from './facts.ts';

const QUOTE = /<!-- fact:(?<name>[a-z0-9-]+) -->(?<text>[\s\S]*?)<!-- \/fact -->/g;
/** Markdown takes a line that begins so for HTML, and shows the rest of it as it is. */
const AT_THE_START = /^\s*(?:[-*] |\d+\. |> )*<!-- fact:/;
const PRICE = /\$\d+(?:[,.]\d+)*/g;

/** The names of the facts that a page quotes. */
export const quotedFacts = (markdown: string): string[] =>
  [...markdown.matchAll(QUOTE)].map(({ groups }) => groups?.['name'] ?? '');

/**
 * What is wrong with the facts that a page quotes: `<!-- fact:name -->…<!-- /fact -->` has to hold
 * what the fact says, word for word.
 */
export function quoteProblems(markdown: string, facts: Facts): string[] {
  const problems: string[] = [];
  for (const { groups = {}, index } of markdown.matchAll(QUOTE)) {
    const { name = '', text = '' } = groups;
    const quoted = text.replaceAll(/\s+/g, ' ').trim();
    const fact = facts.get(name);
    const before = markdown.slice(0, index).split('\n');
    const place = `line ${before.length}`;
    if (AT_THE_START.test(`${before.at(-1)}<!-- fact:`)) {
      problems.push(`${place}: a line must not begin with the fact ${name}`);
    }
    if (!fact) problems.push(`${place}: there is no fact ${name}`);
    else if (quoted !== fact.says) {
      problems.push(`${place}: "${quoted}" where the fact ${name} says "${fact.says}"`);
    }
  }
  const rest = markdown.replaceAll(QUOTE, '');
  if (rest.includes('<!-- fact:') || rest.includes('<!-- /fact -->')) {
    problems.push('a quotation of a fact is not closed, or not opened');
  }
  return problems;
}

/** The prices of a page that no fact stands behind. */
export const pricesWithoutFact = (markdown: string): string[] =>
  markdown.replaceAll(QUOTE, '').match(PRICE) ?? [];
