import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

/** Days after which a fact has to be looked up again. */
const DAYS_VALID = 180;
const DAY_MS = 86_400_000;

const factSchema = z.strictObject({
  /** As the pages quote it. */
  says: z.string(),
  /** What it is the limit, default or price of. */
  about: z.string(),
  /** The page of AWS that says so. */
  source: z.url({ protocol: /^https$/ }),
  /** The day on which somebody last read it there. */
  checked: z.iso.date(),
  /** What the comments of the pinned SDK say of it. */
  sdk: z.strictObject({ client: z.string(), text: z.string() }).optional(),
});

export type Fact = z.output<typeof factSchema>;
/** By the name that the pages quote a fact by. */
export type Facts = ReadonlyMap<string, Fact>;

/** The text of facts.yml as facts. @throws ZodError */
export const parseFacts = (yaml: string): Facts =>
  new Map(Object.entries(z.record(z.string(), factSchema).parse(parse(yaml))));

export const loadFacts = async (): Promise<Facts> =>
  parseFacts(await readFile(join(import.meta.dirname, 'facts.yml'), 'utf8'));

/** The names of the facts that were last checked more than half a year before `today`. */
export const staleFacts = (facts: Facts, today: Date): string[] =>
  [...facts]
    .filter(([, { checked }]) => today.getTime() - Date.parse(checked) > DAYS_VALID * DAY_MS)
    .map(([name]) => name);
