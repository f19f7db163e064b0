import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps the bytes of objects, each under an id that is used once. */
export interface BodyStore {
  write(body: Buffer): Promise<string>;
  read(id: string): Promise<Buffer>;
  delete(id: string): Promise<void>;
}

/** The bytes of an object that is listed are gone from the data folder. */
export class BodyMissingError extends Error {
  override readonly name = 'BodyMissingError';
}

export function memoryBodies(): BodyStore {
  const bodies = new Map<string, Buffer>();
  return {
    write(body) {
      const id = randomUUID();
      bodies.set(id, body);
      return Promise.resolve(id);
    },
    read(id) {
      const body = bodies.get(id);
      return body
        ? Promise.resolve(body)
        : Promise.reject(new BodyMissingError(`There is no object body ${id}`));
    },
    delete(id) {
      bodies.delete(id);
      return Promise.resolve();
    },
  };
}

/** One file per body in `folder`. */
export function fileBodies(folder: string): BodyStore {
  mkdirSync(folder, { recursive: true });
  return {
    async write(body) {
      const id = randomUUID();
      await writeFile(join(folder, id), body, { flag: 'wx' });
      return id;
    },
    read: (id) => readFile(join(folder, id)),
    delete: (id) => rm(join(folder, id), { force: true }),
  };
}
