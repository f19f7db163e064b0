import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { relativeLinks } from '../../docs/links/markdown-links.ts';
import { labNames } from '../../labs/run.ts';

const root = join(import.meta.dirname, '..', '..');
const docs = join(root, 'docs');
const ROW = /^\| (?!property|-)/;

let guide: string;
/** What the guide links to, from the repository's root. */
let targets: Set<string>;

beforeAll(async () => {
  guide = await readFile(join(docs, 'guide.md'), 'utf8');
  targets = new Set(relativeLinks(guide).map(({ path }) => relative(root, resolve(docs, path))));
});

describe('the guide', () => {
  it('leads to every page about a pattern', () => {
    const pages = globSync('docs/patterns/*.md', { cwd: root });
    expect(pages.filter((page) => !targets.has(page))).toEqual([]);
  });

  it('leads to every lab, by its name', async () => {
    const labs = new Map(
      relativeLinks(guide)
        .filter(({ path }) => basename(path) === 'lab.ts')
        .map(({ path, text }) => [basename(dirname(path)), text]),
    );
    expect(labs).toEqual(new Map((await labNames()).map((name) => [name, name])));
  });

  it('has a page, a lab or a test for every property, or says that there is none yet', () => {
    const rows = guide.split('\n').filter((line) => ROW.test(line));
    expect(rows.length).toBeGreaterThan(70);
    expect(rows.filter((row) => !row.includes('](') && !row.includes('not yet'))).toEqual([]);
  });
});
