import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackaged, openPackage } from 'template-runtime/package';
import { parseTemplate } from 'template-runtime/template';
import { resourceOwners } from '../diagram/resource-owners.ts';
import { templatePictures } from '../diagram/template-pictures.ts';
import { patternPictures } from './pictures.ts';
import { demoRecording, spikeCharts } from './recording.ts';

const USAGE = `Usage: npm run pictures              draws the pictures in docs/pictures anew
       npm run pictures -- --check   writes nothing; exits 1 when one of them is out of date
       npm run pictures -- --recording   plays the demo and the spike, and records them anew`;
const REPOSITORY = join(import.meta.dirname, '..', '..');

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    recording: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else if (values.recording) {
  await writeFile(join(import.meta.dirname, 'demo.svg'), await demoRecording());
  await spikeCharts(import.meta.dirname);
  console.log('Recorded docs/pictures/demo.svg, synchronous.svg and asynchronous.svg.');
} else {
  await ensurePackaged(REPOSITORY);
  const template = parseTemplate((await openPackage(REPOSITORY)).template);
  const drawn = [...patternPictures(), ...templatePictures(template, resourceOwners(REPOSITORY))];
  for (const [name, svg] of drawn) {
    const file = join(import.meta.dirname, `${name}.svg`);
    if ((await committed(file)) === svg) continue;
    if (values.check) {
      console.error(`docs/pictures/${name}.svg is out of date: run \`npm run pictures\`.`);
      process.exitCode = 1;
    } else {
      await writeFile(file, svg);
      console.log(`Drew docs/pictures/${name}.svg.`);
    }
  }
}

async function committed(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
