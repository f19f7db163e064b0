import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { comparable, withoutIds } from '../../docs/lab-output/comparable.ts';
import { labsShownIn, reasonAgainstPage, shownOutput } from '../../docs/lab-output/lab-output.ts';
import { documentationFiles } from '../../docs/links/check.ts';
import { labNames, loadLab } from '../../labs/run.ts';

const root = join(import.meta.dirname, '..', '..');
const HOP =
  '   +126 ms  placeOrder → OrderIntakeQueue                           sent\n' +
  '   +263 ms  OrderIntakeQueue → recordOrders                         handled           69 ms\n' +
  '   +270 ms  recordOrders → OrderEvents                              published\n' +
  '   ✓ it is Shipped';

describe('the output of the labs on the pages', () => {
  it('is there for each lab, on the page that the lab names', async () => {
    const shown = new Map<string, string[]>();
    for (const file of documentationFiles(root)) {
      const labs = labsShownIn(await readFile(file, 'utf8'));
      if (labs.length > 0) shown.set(relative(root, file), labs);
    }
    const expected = new Map<string, string[]>();
    for (const name of await labNames()) {
      const { page } = await loadLab(name);
      expected.set(page, [...(expected.get(page) ?? []), name]);
    }
    expect(shown).toEqual(expected);
  });

  it('begins with the title of the lab and ends with its result', async () => {
    for (const name of await labNames()) {
      const { page, title } = await loadLab(name);
      const output = shownOutput(await readFile(join(root, page), 'utf8'), name) ?? '';
      expect(output.split('\n').at(0)).toBe(title);
      expect(output.split('\n').at(-1)).toContain(`More: ${page}`);
    }
  });
});

describe('the comparison of a lab with its page', () => {
  const page = 'docs/patterns/visibility-timeout.md';
  const name = 'visibility-timeout';
  const shown = async (): Promise<string[]> =>
    (shownOutput(await readFile(join(root, page), 'utf8'), name) ?? '').split('\n');

  it('has nothing against a page that shows what the lab prints', async () => {
    expect(await reasonAgainstPage({ name, page, lines: await shown() })).toBeUndefined();
  });

  it('names the line that the lab prints differently', async () => {
    const lines = (await shown()).map((line) => line.replace('receive count 2', 'receive count 3'));
    expect(await reasonAgainstPage({ name, page, lines })).toMatch(
      /shows ".*receive count 2\)" where the lab visibility-timeout prints ".*receive count 3\)"/,
    );
  });

  it('says where the output is missing', async () => {
    const lines = await shown();
    expect(await reasonAgainstPage({ name, page: 'docs/guide.md', lines })).toBe(
      'docs/guide.md has no output of the lab visibility-timeout',
    );
  });
});

describe('the comparison of two runs of a lab', () => {
  it('does not mind ids and durations', () => {
    expect(comparable('   → POST /orders   202   138 ms\n   ORD-01M89Q6TMWC39TF43P15AFYV1A')).toBe(
      comparable('   → POST /orders   202   9 ms\n   ORD-01M89Q82HAS0FQEGWER75PV777'),
    );
  });

  it('minds another status, another claim and a line more', () => {
    const output = '   → POST /orders   202   138 ms\n   ✓ it is accepted';
    expect(comparable(output.replace('202', '500'))).not.toBe(comparable(output));
    expect(comparable(output.replace('accepted', 'refused'))).not.toBe(comparable(output));
    expect(comparable(`${output}\n   ✓ it is Shipped`)).not.toBe(comparable(output));
  });

  it('does not mind when a batch is done, nor in which order neighbouring hops come', () => {
    const [sent = '', handled = '', published = '', check = ''] = HOP.split('\n');
    expect(comparable([published, sent, check].join('\n'))).toBe(comparable(HOP));
    expect(comparable([published, check].join('\n'))).not.toBe(
      comparable([sent, handled, published, check].join('\n')),
    );
  });

  it('does not mind whether the timeline is written before the lab goes on', () => {
    const timeline =
      '   +280 ms  recordTimeline → OrderTimelineTable                     written                  PutItem';
    const [sent = '', ...others] = HOP.split('\n');
    expect(comparable([sent, timeline, ...others].join('\n'))).toBe(comparable(HOP));
  });

  it('does not mind how often and how far a bar was drawn', () => {
    expect(comparable('   waiting: ▇▇▇▇ 30\n   waiting: ▇▇ 10')).toBe(
      comparable('   waiting: ▇ 5'),
    );
  });

  it('shortens the ids of one run', () => {
    expect(withoutIds('ORD-01M89Q6TMWC39TF43P15AFYV1A …15AFYV1A')).toBe('ORD-… …');
    expect(withoutIds('RequestId: 9c1b738c-0a12-4405-8b82-21dc4ad4c7d1')).toBe('RequestId: …');
  });
});
