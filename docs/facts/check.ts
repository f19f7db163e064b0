import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { documentationFiles } from '../links/check.ts';
import { loadFacts, staleFacts } from './facts.ts';
import { quoteProblems } from './quotes.ts';
import { factsMissingFromSdk } from './sdk-comments.ts';

/**
 * `npm run docs:facts` exits 1 when a page quotes a fact wrongly, when the pinned SDK says something
 * else, or when a fact was last checked more than half a year ago.
 */
const root = join(import.meta.dirname, '..', '..');
const facts = await loadFacts();
const problems = [
  ...documentationFiles(root).flatMap((file) =>
    quoteProblems(readFileSync(file, 'utf8'), facts).map(
      (problem) => `${relative(root, file)}: ${problem}`,
    ),
  ),
  ...factsMissingFromSdk(facts).map(
    (name) => `${name}: the SDK does not say "${facts.get(name)?.sdk?.text}"`,
  ),
  ...staleFacts(facts, new Date()).map((name) => {
    const fact = facts.get(name);
    return `${name}: last checked on ${fact?.checked}, look it up at ${fact?.source}`;
  }),
];
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${facts.size} facts are quoted as they are, and current.`);
process.exitCode = problems.length === 0 ? 0 : 1;
