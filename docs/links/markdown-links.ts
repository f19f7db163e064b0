/** One link of a Markdown file, outside code blocks. */
export interface MarkdownLink {
  /** The text between the brackets, as written. */
  text: string;
  /** The path before `#`, empty for a link into the same file. */
  path: string;
  /** What follows `#`, or undefined. */
  fragment: string | undefined;
  /** Counts from 1. */
  line: number;
  /** Where the target (`path#fragment`) starts and ends in the file's text. */
  start: number;
  end: number;
}

const LINK = /\[(?<text>(?:`[^`]*`|[^\]`])*)\]\((?<target>[^()\s]+)\)/g;
const ABSOLUTE = /^[a-z][a-z+.-]*:/i;

/** The relative links of a Markdown text in their order. Links to other hosts are left out. */
export function relativeLinks(markdown: string): MarkdownLink[] {
  const links: MarkdownLink[] = [];
  for (const { text, line, offset } of proseLines(markdown)) {
    for (const match of text.matchAll(LINK)) {
      const { text: label = '', target = '' } = match.groups ?? {};
      if (ABSOLUTE.test(target)) continue;
      const [path = '', fragment] = target.split('#');
      const start = offset + match.index + match[0].length - 1 - target.length;
      links.push({ text: label, path, fragment, line, start, end: start + target.length });
    }
  }
  return links;
}

/** The anchors that the headings of a Markdown text get: lower case, words joined by hyphens. */
export function headingAnchors(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of proseLines(markdown)) {
    const heading = /^#{1,6}\s+(?<title>.+)$/.exec(text)?.groups?.['title'];
    if (heading === undefined) continue;
    anchors.add(
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    );
  }
  return anchors;
}

/** The lines outside fenced code blocks. */
function* proseLines(markdown: string): Generator<{ text: string; line: number; offset: number }> {
  let fence: string | undefined;
  let offset = 0;
  for (const [index, text] of markdown.split('\n').entries()) {
    const mark = /^\s*(?<mark>```+|~~~+)/.exec(text)?.groups?.['mark'];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence)) fence = undefined;
    else if (fence === undefined) yield { text, line: index + 1, offset };
    offset += text.length + 1;
  }
}
