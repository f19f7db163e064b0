import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Narrator } from './stage/narrator.ts';
import { withStage, type Lab, type StageOptions } from './stage/stage.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const USAGE = `Usage: npm run lab                lists the labs
       npm run lab <name>         plays one
       npm run lab <name> -- --pace   waits for Enter before each step
       npm run lab <name> -- --pictures FOLDER   keeps what it draws
       npm run lab all            plays them all, one after another`;

/** There is no lab of that name. */
export class UnknownLabError extends Error {
  override readonly name = 'UnknownLabError';
}

/** The names of the labs, each a folder with a lab.ts. */
export async function labNames(): Promise<string[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'stage')
    .map(({ name }) => name)
    .toSorted();
}

/** @throws UnknownLabError */
export async function loadLab(name: string): Promise<Lab> {
  if (!(await labNames()).includes(name)) {
    throw new UnknownLabError(`There is no lab "${name}"; npm run lab lists them`);
  }
  const module: { lab: Lab } = await import(`./${name}/lab.ts`);
  return module.lab;
}

/**
 * Plays a lab in a system of its own.
 *
 * @returns what did not turn out as it should; nothing when all did
 */
export async function playLab(
  lab: Lab,
  narrator: Narrator,
  options?: StageOptions,
): Promise<readonly string[]> {
  narrator.heading(lab.title);
  for (const line of lab.about.split('\n')) narrator.say(line);
  narrator.say('');
  narrator.say(`Before it starts: ${lab.question.asks}`);
  for (const [place, answer] of lab.question.answers.entries()) {
    narrator.say(`   ${'abcdef'[place]}) ${answer}`);
  }
  const started = performance.now();
  try {
    await withStage(lab, narrator, options);
  } catch (error) {
    narrator.breakOff(error);
  }
  const { right, because } = lab.question;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  narrator.say('');
  narrator.say(`The answer: ${'abcdef'[right]}, because ${because}.`);
  narrator.say(
    narrator.failures.length === 0
      ? `All ${narrator.checks} checks hold (${seconds} s). More: ${lab.page}`
      : `${narrator.failures.length} of ${narrator.checks} checks failed:\n${narrator.failures.map((failure) => `  ${failure}`).join('\n')}`,
  );
  return narrator.failures;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      pace: { type: 'boolean', default: false },
      pictures: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const [name] = positionals;
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (name === undefined) {
    for (const each of await labNames()) {
      console.log(`${each.padEnd(28)} ${(await loadLab(each)).title}`);
    }
    console.log(`\n${USAGE}`);
    return 0;
  }
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const pace = values.pace && process.stdin.isTTY;
  let failures = 0;
  for (const each of name === 'all' ? await labNames() : [name]) {
    const narrator = new Narrator({ colour, pace, write: console.log });
    const { pictures: pictureFolder } = values;
    const options = pictureFolder === undefined ? {} : { pictureFolder };
    failures += (await playLab(await loadLab(each), narrator, options)).length;
  }
  return failures === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof UnknownLabError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
