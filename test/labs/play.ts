import { loadLab, playLab } from '../../labs/run.ts';
import { Narrator } from '../../labs/stage/narrator.ts';
import type { Alteration } from '../../labs/stage/stage.ts';

export { withProperties } from '../../labs/stage/with-properties.ts';

/** How long a lab may take, packaging included. */
export const LAB_TIMEOUT_MS = 60_000;

/** Plays a lab without a terminal. @returns what did not turn out as it should */
export async function played(name: string, alteration?: Alteration): Promise<readonly string[]> {
  const narrator = new Narrator({ colour: false, pace: false, write: () => undefined });
  return playLab(await loadLab(name), narrator, alteration && { alteration });
}
