import type { Storage } from './storage.ts';

/** Keeps nothing: the emulators' own memory is all there is. */
export const memoryStorage = (): Storage => ({
  volatile: true,
  collection: () => ({ put() {}, delete() {}, load: () => [] }),
  flushed: () => Promise.resolve(),
  close() {},
});
