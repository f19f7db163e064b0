import { describe, expect, it } from '@jest/globals';
import { project, PROJECT_TIMEOUT_MS } from './project.ts';

describe('A service of CommonJS that answers by callbacks', () => {
  it(
    'runs as the framework packages it',
    async () => {
      await using service = await project('commonjs-callbacks');

      const url = await service.start();
      const response = await fetch(new URL('/greetings/Ada', url));

      expect(await response.text()).toBe('Hello, Ada');
      expect(response.status).toBe(200);
    },
    PROJECT_TIMEOUT_MS,
  );
});
