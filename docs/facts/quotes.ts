import type { Facts } from './facts.ts';

const QUOTE = /<!-- fact:(?<name>[a-z0-9-]+) -->(?<text>[\s\S]*?)<!-- \/fact -->/g;
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
    const place = `line ${markdown.slice(0, index).split('\n').length}`;
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
