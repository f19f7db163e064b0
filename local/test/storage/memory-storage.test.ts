import { describe, expect, it } from '@jest/globals';
import { memoryStorage } from '../../storage/memory-storage.ts';

describe('memory storage', () => {
  it('keeps nothing, and says so', async () => {
    const storage = memoryStorage();
    const collection = storage.collection('any', (json) => json);
    collection.put('a', 1);
    await storage.flushed();

    expect(storage.volatile).toBe(true);
    expect(collection.load()).toEqual([]);
  });
});
