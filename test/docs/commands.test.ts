import { readFile } from 'node:fs/promises';
import { existsSync, globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { documentationFiles } from '../../docs/links/check.ts';
import { labNames } from '../../labs/run.ts';

const root = join(import.meta.dirname, '..', '..');
/** The pages of this system; those of the runtime are about other projects too. */
const pages = documentationFiles(root).filter((page) => !relative(root, page).startsWith('local'));
const LAB_OUTPUT = /<!-- lab:[\s\S]*?:start -->[\s\S]*?<!-- lab:[\s\S]*?:end -->/g;
const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()) });

let texts: [page: string, text: string][];

beforeAll(async () => {
  texts = await Promise.all(
    pages.map(
      async (page) =>
        [relative(root, page), await readFile(page, 'utf8')] satisfies [string, string],
    ),
  );
});

/** What a pattern finds on the pages and is not among what there is. */
function unknown(pattern: RegExp, isThere: (found: string) => boolean): string[] {
  return texts.flatMap(([page, text]) =>
    [...text.matchAll(pattern)]
      .map(({ groups }) => groups?.['found'] ?? '')
      .filter((found) => !isThere(found))
      .map((found) => `${page}: ${found}`),
  );
}

describe('the commands on the pages', () => {
  it('run scripts that there are', async () => {
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { scripts } = manifestSchema.parse(manifest);
    expect(unknown(/npm run (?<found>[a-z][a-z:-]*)/g, (name) => name in scripts)).toEqual([]);
  });

  it('play labs that there are', async () => {
    const names = new Set(['all', ...(await labNames())]);
    expect(unknown(/npm run lab (?<found>[a-z][a-z-]*)/g, (name) => names.has(name))).toEqual([]);
  });

  it('invoke functions that there are, with sample events that there are', () => {
    const folders = new Set(globSync('events/*', { cwd: root }).map((path) => path.slice(7)));
    expect(unknown(/invoke local -f (?<found>\w+)/g, (name) => folders.has(name))).toEqual([]);
    expect(
      unknown(/-p (?<found>events\/[\w/.-]+)/g, (path) => existsSync(join(root, path))),
    ).toEqual([]);
  });

  it('name the endpoint once, and elsewhere by its variable', () => {
    const withPort = texts.filter(([, text]) => text.includes('127.0.0.1:4566'));
    expect(withPort.map(([page]) => page)).toEqual(['README.md']);
  });
});

describe('the output on the pages about the patterns', () => {
  it('is all printed by labs: other blocks are commands', () => {
    const blocks = texts
      .filter(([page]) => page.startsWith('docs/patterns/'))
      .flatMap(([page, text]) =>
        [...text.replaceAll(LAB_OUTPUT, '').matchAll(/^```(?<language>.*)\n[\s\S]*?^```$/gm)].map(
          ({ groups }) => `${page}: ${groups?.['language'] === 'sh' ? 'commands' : 'output'}`,
        ),
      );
    expect(blocks.length).toBeGreaterThan(9);
    expect(blocks.filter((block) => !block.endsWith('commands'))).toEqual([]);
  });
});
