import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile, type LinkProblem } from './check-links.ts';

const USAGE = `Usage: node docs/links/check.ts [--fix]
Checks the relative links of README.md, docs/**/*.md and the pages of local/. With --fix, line links whose line no longer
shows what they name are pointed at the line that does.`;

/** Every Markdown file of the project's documentation, as absolute paths. */
export function documentationFiles(root: string): string[] {
  return globSync(['*.md', 'docs/**/*.md', 'local/*.md', 'local/docs/**/*.md'], { cwd: root })
    .toSorted()
    .map((file) => join(root, file));
}

function main(options: string[]): number {
  const unknown = options.filter((option) => option !== '--fix');
  if (unknown.length > 0) {
    console.error(`Unknown option: ${unknown.join(' ')}\n${USAGE}`);
    return 2;
  }
  const root = join(import.meta.dirname, '..', '..');
  if (options.includes('--fix')) {
    for (const file of documentationFiles(root)) {
      const { problems, fixed } = checkFile(file, root);
      if (problems.length > 0) writeFileSync(file, fixed);
    }
  }
  const problems = documentationFiles(root).flatMap((file) => checkFile(file, root).problems);
  for (const problem of problems) console.error(describe(problem));
  return problems.length === 0 ? 0 : 1;
}

const describe = ({ file, line, target, reason }: LinkProblem): string =>
  `${file}:${line}: ${target}: ${reason}`;

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
