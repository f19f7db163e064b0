import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadFacts, parseFacts, staleFacts, type Facts } from '../../docs/facts/facts.ts';
import { pricesWithoutFact, quotedFacts, quoteProblems } from '../../docs/facts/quotes.ts';
import { factsMissingFromSdk } from '../../docs/facts/sdk-comments.ts';
import { documentationFiles } from '../../docs/links/check.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = documentationFiles(root);

const WAIT = `
wait:
  says: 20 seconds
  about: the longest wait
  source: https://docs.aws.amazon.com/sqs
  checked: 2026-06-01
`;
const facts: Facts = parseFacts(WAIT);
const problems = (markdown: string) => quoteProblems(markdown, facts);

describe('the facts of AWS', () => {
  it('are quoted as they are', async () => {
    const known = await loadFacts();
    const wrong = await Promise.all(
      pages.map(async (page) => quoteProblems(await readFile(page, 'utf8'), known)),
    );
    expect(wrong.flat()).toEqual([]);
  });

  it('are each quoted by a page', async () => {
    const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
    const quoted = new Set(texts.flatMap(quotedFacts));
    expect([...(await loadFacts()).keys()].filter((name) => !quoted.has(name))).toEqual([]);
  });

  it('stand behind every price on the pages about the patterns', async () => {
    const texts = await Promise.all(
      globSync(['docs/patterns/*.md', 'docs/choosing.md'], { cwd: root }).map((page) =>
        readFile(join(root, page), 'utf8'),
      ),
    );
    expect(texts.flatMap(pricesWithoutFact)).toEqual([]);
  });

  it('agree with the comments of the pinned SDK', async () => {
    expect(factsMissingFromSdk(await loadFacts())).toEqual([]);
  });
});

describe('the check of the facts', () => {
  it('accepts a quotation, also over a line break', () => {
    expect(problems('Up to <!-- fact:wait -->20\nseconds<!-- /fact -->.')).toEqual([]);
  });

  it('names a quotation that says something else', () => {
    expect(problems('One.\n\nUp to <!-- fact:wait -->30 seconds<!-- /fact -->.')).toEqual([
      'line 3: "30 seconds" where the fact wait says "20 seconds"',
    ]);
  });

  it('names a fact that there is not', () => {
    expect(problems('Up to <!-- fact:weight -->20<!-- /fact -->')).toEqual([
      'line 1: there is no fact weight',
    ]);
  });

  it('refuses a quotation at the start of a line, which Markdown takes for HTML', () => {
    const quotation = '<!-- fact:wait -->20 seconds<!-- /fact -->';
    expect(problems(`Wait\n${quotation}`)).toEqual([
      'line 2: a line must not begin with the fact wait',
    ]);
    expect(problems(`- ${quotation}`)).toHaveLength(1);
    expect(problems(`- at most ${quotation}`)).toEqual([]);
  });

  it('notices a quotation that is not closed', () => {
    expect(problems('<!-- fact:wait -->20 seconds')).toHaveLength(1);
  });

  it('finds a price that no fact stands behind', () => {
    const markdown = 'It costs $0.40, or <!-- fact:price -->$0.50<!-- /fact -->.';
    expect(pricesWithoutFact(markdown)).toEqual(['$0.40']);
  });

  it('names what was checked more than half a year ago', () => {
    expect(staleFacts(facts, new Date('2026-11-28'))).toEqual([]);
    expect(staleFacts(facts, new Date('2026-11-29'))).toEqual(['wait']);
  });

  it('refuses a fact without a source', () => {
    expect(() => parseFacts(WAIT.replace('https:', 'hearsay:'))).toThrow('source');
  });

  it('names a fact that the comments of the SDK do not contain', () => {
    const known = parseFacts(`${WAIT}  sdk: { client: sqs, text: from 0 to 21 (seconds) }`);
    expect(factsMissingFromSdk(known)).toEqual(['wait']);
  });
});
