import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'template-runtime/template';
import { withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';
import { enduranceRows, outages } from './rules/outages.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'operations.md');
const SECTION = /<!-- outages:start -->(.*)<!-- outages:end -->/s;
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('an outage of five minutes', () => {
  it('dead-letters nothing', () => {
    expect(outages(template)).toEqual([]);
  });

  it.each([
    ['RedrivePolicy.maxReceiveCount', 5, 'dead-letters in an outage of 240 s'],
    ['VisibilityTimeout', 30, 'dead-letters in an outage of 270 s'],
    ['MessageRetentionPeriod', 600, 'forgets a message while it is still tried'],
  ])('would, with %s %i, or the message be lost', (path, value, finding) => {
    expect(outages(withProperty(template, 'FraudQueue', path, value))).toEqual([
      `FraudQueue: ${finding}`,
    ]);
  });
});

describe('the table of outages on the page about operations', () => {
  it('has the figures of the template', async () => {
    expect(rowsOf(await readFile(PAGE, 'utf8'))).toEqual(enduranceRows(template));
  });

  it('follows the template', () => {
    const other = withProperty(template, 'AllOrdersQueue', 'VisibilityTimeout', 200);

    expect(enduranceRows(other)).toContainEqual([
      'AllOrdersQueue',
      'recordTimeline',
      '200 s',
      '10',
      '30 min',
      '33 min 20 s',
      '4 days',
    ]);
  });
});

/** The cells of the table in the section, without its head. */
function rowsOf(page: string): string[][] {
  const [, section = ''] = SECTION.exec(page) ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
