import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkFile } from '../../docs/links/check-links.ts';
import { documentationFiles } from '../../docs/links/check.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the documentation', () => {
  it('has a page that the check reads', () => {
    expect(documentationFiles(root)).toContain(join(root, 'README.md'));
  });

  it('has no relative link that leads nowhere or to the wrong line', () => {
    const problems = documentationFiles(root).flatMap((file) => checkFile(file, root).problems);
    expect(problems).toEqual([]);
  });
});

describe('the link check', () => {
  let folder = '';
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const reasons = (markdown: string): string[] =>
    checkFile(write('page.md', markdown), folder).problems.map(({ reason }) => reason);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'links-'));
    mkdirSync(join(folder, 'source'));
    write(
      'source/queue.ts',
      '// makeQueue is used below\nmakeQueue();\nexport function makeQueue() {}\nmakeQueueSoon();\n',
    );
    write('source/queues.yml', 'Uses: OrderQueue\nResources:\n  OrderQueue:\n    Type: x\n');
    write('other.md', '# A title, with `code`\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('accepts a line that contains the identifier', () => {
    expect(reasons('See [`makeQueue`](source/queue.ts#L3).')).toEqual([]);
  });

  it('reports a line that contains the identifier only as a part of another', () => {
    expect(reasons('See [`makeQueue`](source/queue.ts#L4).')).toEqual([
      'the line does not contain makeQueue',
    ]);
  });

  it('reports a missing file, a missing heading and a line beyond the end', () => {
    const markdown = '[a](gone.ts) [b](other.md#no-title) [`c`](source/queue.ts#L99)';
    expect(reasons(markdown)).toEqual(['no such file', 'no such heading', 'the file is shorter']);
  });

  it('reports a line link whose text names no identifier', () => {
    expect(reasons('[the queue](source/queue.ts#L3)')).toEqual([
      'the text of a line link must be one `identifier`',
    ]);
  });

  it('knows headings with punctuation, links into the same page and folders', () => {
    expect(
      reasons('# My page\n[a](other.md#a-title-with-code) [b](#my-page) [c](source/)'),
    ).toEqual([]);
  });

  it('leaves links in code blocks and to other hosts alone', () => {
    expect(reasons('```\n[a](gone.ts)\n```\n[b](https://aws.amazon.com/sqs#gone)')).toEqual([]);
  });

  it('re-points a stale line link to the definition and changes nothing else', () => {
    const markdown =
      '[`makeQueue`](source/queue.ts#L4), [`OrderQueue`](source/queues.yml#L4), [x](other.md)\n';
    expect(checkFile(write('page.md', markdown), folder).fixed).toBe(
      '[`makeQueue`](source/queue.ts#L3), [`OrderQueue`](source/queues.yml#L3), [x](other.md)\n',
    );
  });

  it('keeps a link that it cannot put right', () => {
    const markdown = '[`goneQueue`](source/queue.ts#L1)';
    expect(checkFile(write('page.md', markdown), folder).fixed).toBe(markdown);
  });
});
