import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { identifierOf, lineFor, lineOfFragment, mentions } from './line-links.ts';
import { headingAnchors, relativeLinks, type MarkdownLink } from './markdown-links.ts';

/** A link that leads nowhere, or to a line that does not show what the link names. */
export interface LinkProblem {
  file: string;
  line: number;
  target: string;
  reason: string;
}

export interface CheckedFile {
  problems: LinkProblem[];
  /** The file's text with the line numbers put right that could be. */
  fixed: string;
}

/**
 * Checks the relative links of one Markdown file: the file exists, the heading exists, and the line
 * of a line link (`` [`identifier`](../path/file.ts#L12) ``) contains the identifier.
 */
export function checkFile(file: string, root: string): CheckedFile {
  const markdown = readFileSync(file, 'utf8');
  const problems: LinkProblem[] = [];
  let fixed = markdown;
  // From the last to the first, so that a changed length moves no position still to come.
  for (const link of relativeLinks(markdown).toReversed()) {
    const reason = reasonAgainst(link, file, markdown);
    if (reason === undefined) continue;
    const target = link.path + (link.fragment === undefined ? '' : `#${link.fragment}`);
    problems.unshift({ file: relative(root, file), line: link.line, target, reason });
    const line = rightLine(link, file);
    if (line === undefined) continue;
    fixed = `${fixed.slice(0, link.start)}${link.path}#L${line}${fixed.slice(link.end)}`;
  }
  return { problems, fixed };
}

function reasonAgainst(link: MarkdownLink, file: string, markdown: string): string | undefined {
  const target = link.path === '' ? file : resolve(dirname(file), link.path);
  if (!existsSync(target)) return 'no such file';
  if (link.fragment === undefined) return undefined;
  if (statSync(target).isDirectory()) return 'a folder has no anchor';
  const line = lineOfFragment(link.fragment);
  if (line === undefined) {
    if (!target.endsWith('.md')) return `the anchor is neither a heading nor a line (L12)`;
    const anchors = headingAnchors(link.path === '' ? markdown : readFileSync(target, 'utf8'));
    return anchors.has(link.fragment) ? undefined : 'no such heading';
  }
  const identifier = identifierOf(link.text);
  if (identifier === undefined) return 'the text of a line link must be one `identifier`';
  const content = readFileSync(target, 'utf8').split('\n')[line - 1];
  if (content === undefined) return 'the file is shorter';
  return mentions(content, identifier) ? undefined : `the line does not contain ${identifier}`;
}

function rightLine(link: MarkdownLink, file: string): number | undefined {
  const identifier = identifierOf(link.text);
  const target = resolve(dirname(file), link.path);
  if (identifier === undefined || lineOfFragment(link.fragment) === undefined) return undefined;
  if (!existsSync(target)) return undefined;
  return lineFor(readFileSync(target, 'utf8'), identifier);
}
