import type { EmulatorRate } from './emulator-rates.ts';
import { markdownTable } from './markdown-table.ts';
import { DESCRIPTIONS, type Emulator } from './operations.ts';

/** Each operation's own rate, what the burst needed, and the share of the one in the other. */
export function emulatorTable(rates: readonly EmulatorRate[]): string {
  return markdownTable(
    [
      'emulator',
      'operation',
      'own rate, largest batches',
      'batch in the burst',
      'own rate, such batches',
      'the burst needed',
      'share',
    ],
    rates.map(({ operation, largestBatchRate, batchSize, rate, needed, share }) => {
      const { emulator, text, unit, largestBatch } = DESCRIPTIONS[operation];
      return [
        emulator,
        text,
        `${largestBatchRate.toFixed(0)} ${unit}/s (${largestBatch})`,
        String(batchSize),
        `${rate.toFixed(0)} ${unit}/s`,
        `${needed.toFixed(0)} ${unit}/s`,
        percent(share),
      ];
    }),
  );
}

/** Names the emulator that is nearest to its own rate, and how far below it each one is. */
export function emulatorLimit(rates: readonly EmulatorRate[]): string {
  const shares = new Map<Emulator, number>();
  for (const { operation, share } of rates) {
    const { emulator } = DESCRIPTIONS[operation];
    shares.set(emulator, (shares.get(emulator) ?? 0) + share);
  }
  const sorted = [...shares].toSorted(([, left], [, right]) => right - left);
  const [nearest] = sorted;
  if (!nearest) return 'The burst asked no emulator for anything.';
  const all = sorted.map(([emulator, share]) => `${emulator} ${percent(share)}`).join(', ');
  return `Of its own rate the burst used, all operations together: ${all}. The nearest to its limit is ${nearest[0]}. SQS and SNS share a thread.`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
