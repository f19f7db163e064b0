import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { terminalRecording } from '../../docs/pictures/terminal-recording.ts';

const DEMO = join(import.meta.dirname, '..', '..', 'docs', 'pictures', 'demo.svg');
const ESCAPE = String.fromCharCode(27);
const recorded = (...texts: readonly string[]): string =>
  terminalRecording(
    'npm run demo',
    texts.map((text, place) => ({ atMs: place * 10, text })),
  );
const printed = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = '']) =>
    line.replaceAll(/<[^>]+>/g, '').replaceAll('\u00a0', ' '),
  );

describe('the recording of a terminal', () => {
  it('prints the command and then every line', () => {
    expect(printed(recorded('one', '', '  two'))).toEqual(['$ npm run demo', 'one', '  two']);
  });

  it('keeps colours, and says nothing of ids that differ from run to run', () => {
    const svg = recorded(`${ESCAPE}[32m✓${ESCAPE}[39m ORD-01M89QVHSASXMV9ZZXKWZPM66Y <shipped>`);

    expect(svg).toContain('<tspan class="text-green">✓</tspan>');
    expect(printed(svg)).toContain('✓ ORD-… &lt;shipped&gt;');
  });

  it('goes on in the next line where a line is too wide', () => {
    const words = Array.from({ length: 40 }, (_, place) => `word${place}`).join(' ');

    const lines = printed(recorded(`  ${words}`)).slice(1);

    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.startsWith('  word'))).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(words);
  });

  it('scrolls only when the window is full', () => {
    const few = recorded(...Array.from({ length: 5 }, () => 'line'));
    const many = recorded(...Array.from({ length: 50 }, () => 'line'));

    expect(few).toContain('@keyframes scroll{0.00%{transform:translateY(0px)}}');
    expect(many).toContain('transform:translateY(-486px)');
  });
});

describe('the recording of the demo', () => {
  it('is of a run in which all checks held, and small', async () => {
    const svg = await readFile(DEMO, 'utf8');

    expect(printed(svg).at(-1)).toMatch(/^All \d+ checks hold/);
    expect(svg).not.toMatch(/ORD-[0-9A-Z]{26}/);
    expect(svg.length).toBeLessThan(150_000);
  });
});
