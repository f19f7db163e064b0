import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from './facts.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The names of the facts whose text the comments of the installed SDK do not contain. */
export function factsMissingFromSdk(facts: Facts): string[] {
  const comments = new Map<string, string>();
  return [...facts].flatMap(([name, { sdk }]) => {
    if (!sdk) return [];
    const known = comments.get(sdk.client) ?? commentsOf(sdk.client);
    comments.set(sdk.client, known);
    return known.includes(sdk.text) ? [] : [name];
  });
}

/** What a client's declarations say, without markup and line breaks. */
function commentsOf(client: string): string {
  const folder = join(REPOSITORY, 'node_modules', '@aws-sdk', `client-${client}`, 'dist-types');
  return globSync(['commands/*.d.ts', 'models/*.d.ts', '*.d.ts'], { cwd: folder })
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+(?:\*\s+)*/g, ' ');
}
