import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runTemplate } from '../../exports/run.ts';
import { project, PROJECT_TIMEOUT_MS } from './project.ts';

describe("The CDK's output", () => {
  it(
    'runs as it is, with its assets, parameters and region, and names what is not emulated',
    async () => {
      // Prepare
      await using app = await project('cdk');
      const system = await runTemplate(join(app.path, 'cdk.out', 'Orders.template.json'), {
        port: 0,
        region: 'eu-west-1',
        parameters: { Greeting: 'Good morning' },
        stackName: 'Orders',
      });

      try {
        // Act
        const functionName = system.lambda.configurations()[0]?.functionName ?? '';
        const result = await system.lambda.invoke({
          functionName,
          payload: '{"order":1}',
          source: 'test',
        });

        // Assess
        expect(JSON.parse(result.payload)).toEqual({
          greeting: 'Good morning',
          queue: system.outputs['InboxUrl'],
          region: 'eu-west-1',
          event: { order: 1 },
        });
        expect(system.unsupported.map(({ logicalId }) => logicalId)).toContain('Stream7E');
      } finally {
        await system.stop();
      }
    },
    PROJECT_TIMEOUT_MS,
  );
});
