import { jest } from '@jest/globals';
import * as z from 'zod/mini';

export interface CapturedOutput {
  /** Everything written so far, as it was written. */
  readonly text: () => string;
  /** The log lines, without the metrics. */
  readonly logs: () => readonly Record<string, unknown>[];
  /** How often each metric was counted. */
  readonly counts: () => Readonly<Record<string, number>>;
  readonly restore: () => void;
}

/** What marks a line as CloudWatch's embedded metric format. */
const EMF_KEY = '_aws';

const lineSchema = z.record(z.string(), z.unknown());
const embeddedMetricsSchema = z.object({
  CloudWatchMetrics: z.array(z.object({ Metrics: z.array(z.object({ Name: z.string() })) })),
});

/** Keeps what a function logs and counts, and keeps it out of the test's own output. */
export function captureOutput(): CapturedOutput {
  const written: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => {
    written.push(String(chunk));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(keep),
    jest.spyOn(process.stderr, 'write').mockImplementation(keep),
  ];
  const lines = () =>
    written
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => z.parse(lineSchema, JSON.parse(line)));
  return {
    text: () => written.join(''),
    logs: () => lines().filter((line) => !(EMF_KEY in line)),
    counts: () => countsIn(lines()),
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

function countsIn(lines: readonly Record<string, unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    const embedded = z.safeParse(embeddedMetricsSchema, line[EMF_KEY]);
    if (!embedded.success) continue;
    for (const { Name } of embedded.data.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics)) {
      const values = [line[Name]].flat();
      counts[Name] =
        (counts[Name] ?? 0) + values.reduce((sum: number, each) => sum + Number(each), 0);
    }
  }
  return counts;
}
