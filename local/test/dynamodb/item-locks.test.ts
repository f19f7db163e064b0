import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { watchItemLocks } from '../../dynamodb/thread/item-locks.ts';

const require = createRequire(import.meta.url);
const locks = createRequire(require.resolve('dynalite'))('lock') as {
  Lock: () => (key: string, run: (release: () => () => void) => void) => void;
};

describe('the lock on an item', () => {
  it('is released for a request that failed while it held it', async () => {
    // Prepare
    const held = new Set<() => void>();
    watchItemLocks(() => held);
    const lock = locks.Lock();
    const order: string[] = [];
    lock('ORD-1', () => order.push('the request that fails'));
    const next = new Promise<void>((resolve) => {
      lock('ORD-1', (release) => {
        order.push('the next one');
        release()();
        resolve();
      });
    });

    // Act
    const [release] = held;
    release?.();

    // Assess
    await next;
    expect(order).toEqual(['the request that fails', 'the next one']);
    expect(held.size).toBe(0);
  });
});
