import { existsSync, globSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** Names that the framework looks for in the folder of a service. */
const CONFIGURATIONS = ['yml', 'yaml', 'json', 'js', 'cjs', 'mjs', 'ts'].map(
  (extension) => `serverless.${extension}`,
);

/** `${file(path)}`; the path may hold variables of its own. */
const INCLUDE = /\$\{file\(((?:[^()$]|\$\{[^}]*\})+)\)/g;

/**
 * The files that configure a service, relative to it: serverless.yml and what it includes by
 * `${file(…)}`, at any depth. Where a path holds a variable, every file that it may name counts.
 */
export function configurationFiles(serviceFolder: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(serviceFolder, file), 'utf8');
    for (const [, path = ''] of text.matchAll(INCLUDE)) {
      const pattern = path.trim().replaceAll(/\$\{[^}]*\}/g, '*');
      if (isAbsolute(pattern)) continue;
      for (const included of globSync(pattern, { cwd: serviceFolder })) visit(included);
    }
  };
  for (const name of CONFIGURATIONS) if (existsSync(join(serviceFolder, name))) visit(name);
  return [...found].toSorted();
}
