import { parseArgs } from 'node:util';
import { labNames, loadLab, playLab } from '../../labs/run.ts';
import { Narrator } from '../../labs/stage/narrator.ts';
import { reasonAgainstPage, writeToPage } from './lab-output.ts';

const USAGE = `Usage: npm run docs:labs [-- NAME…]            plays labs (all without a name) and compares what they print with their pages
       npm run docs:labs -- --write [NAME…]    writes what they print into their pages where it differs`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { write: { type: 'boolean', default: false }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    console.log(USAGE);
    return 0;
  }
  let problems = 0;
  for (const name of positionals.length > 0 ? positionals : await labNames()) {
    const lab = await loadLab(name);
    const lines: string[] = [];
    const narrator = new Narrator({
      colour: false,
      pace: false,
      write: (line) => lines.push(line),
    });
    const failures = await playLab(lab, narrator);
    for (const failure of failures) console.error(`${name}: ${failure}`);
    if (failures.length > 0) {
      problems += failures.length;
      continue;
    }
    const output = { name, page: lab.page, lines };
    const reason = await reasonAgainstPage(output);
    if (reason === undefined) {
      console.log(`${lab.page} shows what the lab ${name} prints.`);
    } else if (values.write) {
      await writeToPage(output);
      console.log(`Wrote the output of ${name} into ${lab.page}.`);
    } else {
      problems += 1;
      console.error(reason);
    }
  }
  return problems === 0 ? 0 : 1;
}

process.exitCode = await main();
