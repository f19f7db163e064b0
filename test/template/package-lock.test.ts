import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { socketPath, whileHoldingLock } from './package-lock.ts';

describe('the lock around packaging', () => {
  it('lets one task after another', async () => {
    const name = randomUUID();
    const steps: string[] = [];
    const task = (label: string) => async () => {
      steps.push(`${label} starts`);
      await new Promise(setImmediate);
      steps.push(`${label} ends`);
    };

    await Promise.all(['a', 'b', 'c'].map((label) => whileHoldingLock(name, task(label))));

    expect(steps).toHaveLength(6);
    for (let index = 0; index < steps.length; index += 2) {
      const [label] = steps[index]?.split(' ') ?? [];
      expect(steps.slice(index, index + 2)).toEqual([`${label} starts`, `${label} ends`]);
    }
  });

  it('is free again after a task that fails', async () => {
    const name = randomUUID();
    const failing = whileHoldingLock(name, () => Promise.reject(new Error('no package')));

    await expect(failing).rejects.toThrow('no package');
    await expect(whileHoldingLock(name, () => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('is free again when its holder is killed', async () => {
    const name = randomUUID();
    const script = `require('net').createServer().listen(${JSON.stringify(socketPath(name))}, () => console.log('held'))`;
    const holder = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const waiting = whileHoldingLock(name, () => Promise.resolve('done'));

    holder.kill('SIGKILL');

    await expect(waiting).resolves.toBe('done');
  });
});
