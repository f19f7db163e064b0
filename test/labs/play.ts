import { reasonAgainstPage } from '../../docs/lab-output/lab-output.ts';
import { loadLab, playLab } from '../../labs/run.ts';
import { Narrator } from '../../labs/stage/narrator.ts';
import type { Alteration } from '../../labs/stage/stage.ts';

export { withProperties } from '../../labs/stage/with-properties.ts';

/** How long a lab may take, packaging included. */
export const LAB_TIMEOUT_MS = 60_000;

/**
 * Plays a lab without a terminal.
 *
 * @returns what did not turn out as it should; of an unaltered lab also what its page shows and it
 *   does not print
 */
export async function played(name: string, alteration?: Alteration): Promise<readonly string[]> {
  const lab = await loadLab(name);
  const lines: string[] = [];
  const narrator = new Narrator({ colour: false, pace: false, write: (line) => lines.push(line) });
  if (alteration) return playLab(lab, narrator, { alteration });
  const failures = await playLab(lab, narrator);
  const reason = await reasonAgainstPage({ name, page: lab.page, lines });
  return reason === undefined ? failures : [...failures, reason];
}
