import { expect, it } from '@jest/globals';
import { startSystem } from '../../exports/system.ts';

const TEMPLATE = {
  Metadata: { LocalRuntime: { Parameters: { Sender: 'local@example.org' } } },
  Parameters: { Sender: { Type: 'String', Default: '' } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
  Outputs: { Sender: { Value: { Ref: 'Sender' } } },
};

it.each([
  ["the template's own for the local system", {}, 'local@example.org'],
  ['the one that is given', { parameters: { Sender: 'other@example.org' } }, 'other@example.org'],
])('a parameter has %s', async (_, options, expected) => {
  const system = await startSystem({
    template: TEMPLATE,
    codeFolder: () => Promise.reject(new Error('no function here')),
    port: 0,
    anyPortIfTaken: false,
    runEventSources: false,
    ...options,
  });
  const { outputs } = system;
  await system.stop();

  expect(outputs).toEqual({ Sender: expected });
});
