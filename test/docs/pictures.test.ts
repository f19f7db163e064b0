import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PAGE_WIDTH } from '../../docs/pictures/drawing.ts';
import { patternPictures } from '../../docs/pictures/pictures.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const pictures = [...patternPictures()];

describe('the pictures of the patterns', () => {
  it.each(pictures)('%s is current (npm run pictures draws it anew)', async (name, svg) => {
    expect(await readFile(join(FOLDER, `${name}.svg`), 'utf8')).toBe(svg);
  });

  it.each(pictures)('%s has its own look on dark pages, and fits a page', (_name, svg) => {
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).toContain(`viewBox="0 0 ${PAGE_WIDTH} `);
    const starts = [...svg.matchAll(/ x="(-?[\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...starts)).toBeLessThanOrEqual(PAGE_WIDTH);
  });
});
