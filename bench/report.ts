import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { withSection } from '../docs/marked-section.ts';
import type { BurstResult } from './burst.ts';

/** Markdown that is printed as it comes and can be put into the documentation at the end. */
export class Report {
  readonly #parts: string[] = [];

  add(part: string): void {
    this.#parts.push(part);
    console.log(`${part}\n`);
  }

  /**
   * Replaces the marked section of a document.
   *
   * @throws MarkersMissingError
   */
  async writeTo(file: string): Promise<void> {
    const document = withSection(await readFile(file, 'utf8'), 'bench', this.#parts.join('\n\n'));
    const style = await resolveConfig(file);
    await writeFile(file, await format(document, { ...style, filepath: file }));
  }
}

/** A table for the terminal and for a page of the documentation. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

export interface NamedBurst {
  name: string;
  result: BurstResult;
}

const MOST_SHARES = 10;
const NOT_COUNTED = '–';

/** Throughput, memory and processor time of several bursts, a column each. */
export function burstTable(bursts: readonly NamedBurst[]): string {
  const row = (measure: string, value: (result: BurstResult) => string): string[] => [
    measure,
    ...bursts.map(({ result }) => value(result)),
  ];
  return markdownTable(
    ['measure', ...bursts.map(({ name }) => name)],
    [
      row('accepted', ({ orders, refused }) => `${orders - refused} of ${orders}`),
      row('accepted per second', (result) => result.acceptedPerSecond.toFixed(0)),
      row('all Shipped or Declined after', ({ allEndedSeconds }) => seconds(allEndedSeconds)),
      row('orders per second, end to end', (result) => result.ordersPerSecond.toFixed(0)),
      row('mails and timeline done after', ({ quietSeconds }) => seconds(quietSeconds)),
      row(
        'peak memory, with the load generator',
        (result) => `${result.peakMegabytes.toFixed(0)} MB`,
      ),
      ...keysOf(bursts, ({ cpuTimePerOrder }) => cpuTimePerOrder).map((part) =>
        row(`processor time per order: ${part}`, ({ cpuTimePerOrder }) =>
          milliseconds(cpuTimePerOrder[part] ?? 0),
        ),
      ),
      row('processors busy, without the load generator', (result) =>
        busyProcessors(result).toFixed(2),
      ),
    ],
  );
}

/** AWS requests per order, by service and operation. */
export function requestTable(bursts: readonly NamedBurst[]): string {
  return markdownTable(
    ['per order', ...bursts.map(({ name }) => name)],
    keysOf(bursts, ({ requestsPerOrder }) => requestsPerOrder).map((what) => [
      what,
      ...bursts.map(({ result }) => result.requestsPerOrder[what]?.toFixed(2) ?? NOT_COUNTED),
    ]),
  );
}

/** Where the main thread's time went, the largest parts first. */
export function shareTable({ cpuShares = {} }: BurstResult): string {
  return markdownTable(
    ['main thread in', 'share'],
    Object.entries(cpuShares)
      .toSorted(([, left], [, right]) => right - left)
      .slice(0, MOST_SHARES)
      .map(([part, share]) => [part, `${(share * 100).toFixed(0)} %`]),
  );
}

/** Processors that the system kept busy on average until mails and timeline were done. */
function busyProcessors({ cpuTimePerOrder, orders, refused, quietSeconds }: BurstResult): number {
  const perOrder = Object.values(cpuTimePerOrder).reduce((sum, ms) => sum + ms, 0);
  return (perOrder * (orders - refused)) / 1000 / quietSeconds;
}

function keysOf(
  bursts: readonly NamedBurst[],
  numbers: (result: BurstResult) => Record<string, number>,
): string[] {
  return [...new Set(bursts.flatMap(({ result }) => Object.keys(numbers(result))))].toSorted();
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
