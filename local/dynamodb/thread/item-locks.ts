import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

type Release = (done?: (...values: unknown[]) => void) => (...values: unknown[]) => void;
type Lock = (key: string, run: (release: Release) => void) => void;

const require = createRequire(import.meta.url);
// The instance that dynalite itself uses.
const locks = createRequire(require.resolve('dynalite'))('lock') as { Lock: () => Lock };

/**
 * Lets the locks that a request holds on items be released by somebody else. When dynalite throws
 * while it holds one, every later request for that item would wait for ever.
 *
 * @param heldNow the set to note what the running request holds in
 */
export function watchItemLocks(heldNow: () => Set<() => void> | undefined): void {
  const makeLock = locks.Lock;
  locks.Lock = () => {
    const lock = makeLock();
    return (key, run) => {
      const held = heldNow();
      // The lock calls back in the name of the request that had it before.
      const inOwnName = AsyncLocalStorage.bind(run);
      lock(key, (release) => {
        const letGo = (): void => {
          held?.delete(letGo);
          release()();
        };
        held?.add(letGo);
        inOwnName((done) => {
          const finish = release(done);
          return (...values) => {
            held?.delete(letGo);
            finish(...values);
          };
        });
      });
    };
  };
}
