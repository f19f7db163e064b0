import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { project, PROJECT_TIMEOUT_MS } from './project.ts';

describe("SAM's output", () => {
  it(
    'runs by the command, in YAML with short forms, with the code of its build',
    async () => {
      await using app = await project('sam');

      const url = await app.run(
        join('.aws-sam', 'build', 'template.yaml'),
        '--parameter=Greeting=Good evening',
        '--region=eu-west-1',
        '--stack-name=orders',
      );
      const response = await fetch(new URL('/orders', url));

      expect(await response.json()).toEqual({
        greeting: 'Good evening',
        queue: 'arn:aws:sqs:eu-west-1:000000000000:orders-work',
      });
    },
    PROJECT_TIMEOUT_MS,
  );
});
