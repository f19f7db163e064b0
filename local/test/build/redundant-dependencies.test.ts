import { describe, expect, it } from '@jest/globals';
import { dropRedundantDependencies } from '../../build/redundant-dependencies.ts';

const templateWith = (dependsOn: string | string[], properties: object) =>
  JSON.parse(
    JSON.stringify({ Resources: { Function: { DependsOn: dependsOn, Properties: properties } } }),
  );

describe('redundant dependencies', () => {
  it.each([
    ['a Ref', { Role: { Ref: 'Role' } }],
    ['a GetAtt', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }],
    ['a substitution', { Role: { 'Fn::Sub': '${Role.Arn}' } }],
  ])('go when %s implies them', (_, properties) => {
    const template = templateWith(['Role'], properties);

    dropRedundantDependencies(template);

    expect(template.Resources.Function).not.toHaveProperty('DependsOn');
  });

  it('stay when nothing refers to the resource', () => {
    const template = templateWith(['Role', 'QueuePolicy'], { Role: { Ref: 'Role' } });

    dropRedundantDependencies(template);

    expect(template.Resources.Function.DependsOn).toEqual(['QueuePolicy']);
  });

  it('stay when only one branch of a condition refers to the resource', () => {
    const template = templateWith('Role', {
      Role: { 'Fn::If': ['OwnRole', { Ref: 'Role' }, 'arn:aws:iam::000000000000:role/other'] },
    });

    dropRedundantDependencies(template);

    expect(template.Resources.Function.DependsOn).toEqual(['Role']);
  });
});
