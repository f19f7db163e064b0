import { SqliteStorage } from '../../storage/sqlite-storage.ts';

/** Writes numbers without end and prints each once it is said to be kept. */
const storage = new SqliteStorage(process.argv[2] ?? '');
const numbers = storage.collection('numbers', (json) => json);
for (let number = 0; ; number++) {
  numbers.put(String(number), number);
  await storage.flushed();
  process.stdout.write(`${number}\n`);
}
