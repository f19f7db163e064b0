import { describe, expect, it } from '@jest/globals';
import { parseTemplate, subjectAttributeOf } from '../../cloudformation/template.ts';

const QUEUE = { Type: 'AWS::SQS::Queue' };

describe('a malformed template', () => {
  it.each<[string, unknown, RegExp]>([
    ['is no object', 'Resources:', /^Template: /],
    ['has no resources', {}, /^Resources: /],
    ['has a resource without a type', { Resources: { A: {} } }, /^Resources\.A\.Type: /],
    ['has an unknown section', { Resources: {}, Resurces: {} }, /Resurces/],
    ['has an unknown resource key', { Resources: { A: { ...QUEUE, Depends: 1 } } }, /Depends/],
    ['has a bad logical id', { Resources: { 'a-b': QUEUE } }, /^Resources\.a-b/],
    [
      'needs a macro',
      { Transform: ['AWS::LanguageExtensions', 'Macro'], Resources: {} },
      /^Transform: \["Macro"\] runs in AWS alone/,
    ],
  ])('that %s is refused by name', (_, json, message) => {
    expect(() => parseTemplate(json)).toThrow(message);
  });

  it('is refused for a misspelt setting of the local runtime', () => {
    const template = parseTemplate({
      Resources: {},
      Metadata: { LocalRuntime: { SubjectAtribute: 'OrderId' } },
    });
    expect(() => subjectAttributeOf(template)).toThrow(/Metadata\.LocalRuntime: .*SubjectAtribute/);
  });
});
