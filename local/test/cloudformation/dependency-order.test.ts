import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { dependencyOrder } from '../../cloudformation/dependency-order.ts';
import { Resolver } from '../../cloudformation/resolver.ts';
import { parseTemplate } from '../../cloudformation/template.ts';

const STACK = { stackName: 'shop', accountId: '000000000000', region: 'us-east-1' };

function orderOf(Resources: object, sections: object = {}): string[] {
  const template = parseTemplate({ Resources, ...sections });
  return dependencyOrder(template, new Resolver(template, STACK));
}

const resource = (Properties: object = {}, rest: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties,
  ...rest,
});

describe('the order of creation', () => {
  it('puts a resource after those that any of its references or DependsOn name', () => {
    const order = orderOf({
      Last: resource({}, { DependsOn: ['Policy', 'Sub'] }),
      Policy: resource({ Queues: [{ Ref: 'Queue' }] }),
      Sub: resource({ Text: { 'Fn::Sub': ['${Dead.Arn}${Own}', { Own: { Ref: 'Policy' } }] } }),
      Queue: resource({ Redrive: { Target: { 'Fn::GetAtt': ['Dead', 'Arn'] } } }),
      Dead: resource(),
    });
    expect(order).toEqual(['Dead', 'Queue', 'Policy', 'Sub', 'Last']);
  });

  it('leaves out what a condition excludes, also as a dependency', () => {
    const order = orderOf(
      {
        A: resource({ X: { 'Fn::If': ['Never', { Ref: 'B' }, 'nothing'] } }, { DependsOn: 'B' }),
        B: resource({ Y: { Ref: 'C' } }, { Condition: 'Never' }),
        C: resource({ X: { 'Fn::If': ['Never', { Ref: 'A' }, { Ref: 'A' }] } }),
      },
      { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } },
    );
    expect(order).toEqual(['A', 'C']);
  });

  it('names a cycle', () => {
    const resources = {
      Start: resource({ X: { Ref: 'A' } }),
      A: resource({ X: { Ref: 'B' } }),
      B: resource({ X: { 'Fn::GetAtt': 'A.Arn' } }),
    };
    expect(() => orderOf(resources)).toThrow('circular dependency: A → B → A');
  });

  it.each([
    [
      'DependsOn',
      resource({}, { DependsOn: 'Gone' }),
      'Resources.A.DependsOn: the template has no',
    ],
    ['Ref', resource({ X: { Y: [{ Ref: 'Gone' }] } }), 'Resources.A.Properties.X.Y.0.Ref: the'],
    ['GetAtt', resource({ X: { 'Fn::GetAtt': 'Gone.Arn' } }), 'A.Properties.X.Fn::GetAtt: the'],
    ['Sub', resource({ X: { 'Fn::Sub': '${Gone}' } }), 'A.Properties.X.Fn::Sub: the template'],
  ])('names the place of a %s that leads nowhere', (_, A, message) => {
    expect(() => orderOf({ A })).toThrow(message);
  });

  it('respects every reference, however they are spread', () => {
    // Only later resources are referred to, so that there is no cycle.
    const references = fc.array(fc.array(fc.nat(), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(references, (targets) => {
        const needs = targets.map((picked, index) =>
          picked
            .map((pick) => index + 1 + (pick % targets.length))
            .filter((target) => target < targets.length),
        );
        const order = orderOf(
          Object.fromEntries(
            needs.map((needed, index) => [
              `R${index}`,
              resource({
                Values: needed.map((target, form) =>
                  form % 2 === 0 ? { Ref: `R${target}` } : { 'Fn::Sub': `x\${R${target}.Arn}` },
                ),
              }),
            ]),
          ),
        );
        expect(order.toSorted()).toEqual(needs.map((_, index) => `R${index}`).toSorted());
        for (const [index, needed] of needs.entries()) {
          for (const target of needed) {
            expect(order.indexOf(`R${target}`)).toBeLessThan(order.indexOf(`R${index}`));
          }
        }
      }),
    );
  });
});
