import { describe, expect, it } from '@jest/globals';
import { project, PROJECT_TIMEOUT_MS } from './project.ts';

describe('A service of plain JavaScript modules', () => {
  it(
    'runs without a build, .mjs beside .cjs',
    async () => {
      await using service = await project('esm');

      const url = await service.start();
      const sent = await fetch(new URL('/parcels', url), { method: 'POST', body: 'a book' });
      const legacy = await fetch(new URL('/legacy', url));

      expect(sent.status).toBe(202);
      expect(await sent.json()).toEqual({
        parcel: 'a book',
        queue: expect.stringMatching(/^modules-dev-Parcels/),
      });
      expect(await legacy.text()).toBe('function');
    },
    PROJECT_TIMEOUT_MS,
  );
});
