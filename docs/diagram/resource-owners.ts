import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The service that each resource belongs to, by logical id. */
export type ResourceOwners = ReadonlyMap<string, string>;

/** A logical id in a file of resources: a key at the second level. */
const LOGICAL_ID = /^ {2}([A-Za-z0-9]+):$/gm;

/** A resource belongs to the service in whose folder it is described; one of resources/ to nobody. */
export function resourceOwners(repository: string): ResourceOwners {
  return new Map(
    globSync('functions/*/{resources,roles,alarms}.yml', { cwd: repository }).flatMap((file) => {
      const service = basename(dirname(file));
      const ids = readFileSync(join(repository, file), 'utf8').matchAll(LOGICAL_ID);
      return [...ids].map(([, id = '']) => [id, service] as const);
    }),
  );
}
