import { loadLab, playLab } from '../../labs/run.ts';
import { Narrator } from '../../labs/stage/narrator.ts';
import { terminalRecording, type RecordedLine } from './terminal-recording.ts';

/** The run that was to be recorded did not go as it should. */
export class RecordingFailedError extends Error {
  override readonly name = 'RecordingFailedError';
}

/**
 * Plays the demo and records what it prints.
 *
 * @throws RecordingFailedError when one of its checks fails
 */
export async function demoRecording(): Promise<string> {
  const lines: RecordedLine[] = [];
  const write = (text: string): void => {
    lines.push(...text.split('\n').map((line) => ({ atMs: performance.now(), text: line })));
  };
  await play('order-flow', write);
  return terminalRecording('npm run demo', lines);
}

/**
 * Plays the spike, which draws how many orders are stored in the course of it.
 *
 * @throws RecordingFailedError when one of its checks fails
 */
export async function spikeCharts(pictureFolder: string): Promise<void> {
  await play('synchronous-and-asynchronous', () => undefined, pictureFolder);
}

async function play(
  name: string,
  write: (line: string) => void,
  pictureFolder?: string,
): Promise<void> {
  const narrator = new Narrator({ colour: true, pace: false, write });
  const options = pictureFolder === undefined ? {} : { pictureFolder };
  const failures = await playLab(await loadLab(name), narrator, options);
  if (failures.length > 0) {
    throw new RecordingFailedError(`The lab ${name} failed: ${failures.join('; ')}`);
  }
}
