import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise } from './exercise.ts';

const REPOSITORY = join(import.meta.dirname, '..');
const USAGE = `Usage: npm run exercise           lists the exercises
       npm run exercise <name>    says what to do and grades your answer`;

/** The names of the exercises, each a folder with an exercise.ts. */
async function exerciseNames(): Promise<string[]> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function load(name: string): Promise<Exercise> {
  const module: { exercise: Exercise } = await import(`./${name}/exercise.ts`);
  return module.exercise;
}

async function main([name]: string[]): Promise<number> {
  const names = await exerciseNames();
  if (name === undefined) {
    for (const each of names) console.log(`${each.padEnd(20)} ${(await load(each)).title}`);
    console.log(`\n${USAGE}`);
    return 0;
  }
  if (!names.includes(name)) {
    console.error(`There is no exercise "${name}".\n${USAGE}`);
    return 2;
  }
  const { title, task, answerFile, grade } = await load(name);
  console.log(`${title}\n\n${task}\n\nYour answer: ${answerFile}\n`);
  const findings = await grade(await readFile(join(REPOSITORY, answerFile), 'utf8'));
  for (const { claim, holds } of findings) console.log(`   ${holds ? '✓' : '✗'} ${claim}`);
  const missing = findings.filter(({ holds }) => !holds).length;
  console.log(
    missing === 0 ? '\nSolved.' : `\n${missing} of ${findings.length} are not right yet.`,
  );
  return missing === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
