import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Resolver } from '../../cloudformation/resolver.ts';
import { parseTemplate } from '../../cloudformation/template.ts';
import type { TemplateValue } from '../../cloudformation/template-value.ts';

const STACK = { stackName: 'shop-dev', accountId: '000000000000', region: 'eu-west-1' };

function resolverOf(sections: object = {}, parameters: Record<string, string> = {}): Resolver {
  const resolver = new Resolver(
    parseTemplate({
      Parameters: {
        Stage: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] },
        Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      },
      Mappings: { Sizes: { dev: { memory: 256 }, prod: { memory: 1024 } } },
      Conditions: {
        IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
        Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
        Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsDev' }] },
      },
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Absent: { Type: 'AWS::SQS::Queue', Condition: 'IsProd' },
      },
      ...sections,
    }),
    STACK,
    parameters,
  );
  resolver.setResource('Queue', {
    ref: 'http://localhost/queue',
    attributes: { Arn: 'arn:aws:sqs:eu-west-1:000000000000:queue', 'Nested.Name': 'nested' },
  });
  return resolver;
}

const resolve = (value: TemplateValue, parameters?: Record<string, string>) =>
  resolverOf({}, parameters).resolve(value, 'Resources.X.Properties.Y');

describe('intrinsic functions', () => {
  it.each<[string, TemplateValue, TemplateValue | undefined]>([
    ['Ref of a resource', { Ref: 'Queue' }, 'http://localhost/queue'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
    ['Ref of AWS::Region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['Ref of AWS::AccountId', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref of AWS::NotificationARNs', { Ref: 'AWS::NotificationARNs' }, []],
    [
      'GetAtt as a list',
      { 'Fn::GetAtt': ['Queue', 'Arn'] },
      'arn:aws:sqs:eu-west-1:000000000000:queue',
    ],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Nested.Name' }, 'nested'],
    [
      'Sub',
      { 'Fn::Sub': 'arn:${AWS::Partition}:${Stage}-${Queue.Nested.Name}-${!Literal}' },
      'arn:aws:dev-nested-${Literal}',
    ],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${Own}/${Stage}', { Own: { 'Fn::Join': ['+', ['x', 'y']] } }] },
      'x+y/dev',
    ],
    ['Join of a list parameter', { 'Fn::Join': ['-', { Ref: 'Zones' }] }, 'a-b'],
    ['Select', { 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b'],
    ['Split', { 'Fn::Split': ['/', { Ref: 'Queue' }] }, ['http:', '', 'localhost', 'queue']],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 256],
    ['Base64', { 'Fn::Base64': { Ref: 'Stage' } }, 'ZGV2'],
    ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
    ['ToJsonString', { 'Fn::ToJsonString': { Stage: { Ref: 'Stage' } } }, '{"Stage":"dev"}'],
    [
      'FindInMap with a default',
      { 'Fn::FindInMap': ['Sizes', 'test', 'memory', { DefaultValue: { Ref: 'Stage' } }] },
      'dev',
    ],
    ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    ['If', { 'Fn::If': ['IsProd', 'big', { Ref: 'Stage' }] }, 'dev'],
    ['If of And', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['If of Or', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    ['an untaken branch', { 'Fn::If': ['IsProd', { Ref: 'Absent' }, 'none'] }, 'none'],
    ['NoValue as a property', { Kept: 1, Dropped: { Ref: 'AWS::NoValue' } }, { Kept: 1 }],
    ['NoValue in a list', ['a', { 'Fn::If': ['IsProd', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    [
      'a policy condition',
      { Condition: { Bool: { x: 'true' } } },
      { Condition: { Bool: { x: 'true' } } },
    ],
  ])('resolve %s', (_, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('take the values of parameters that are given', () => {
    expect(resolve({ 'Fn::If': ['IsProd', 'big', 'small'] }, { Stage: 'prod' })).toBe('big');
  });

  it.each<[string, TemplateValue, string]>([
    ['a missing resource', { Ref: 'Nowhere' }, 'no resource or parameter Nowhere'],
    ['a resource that is not created', { Ref: 'Absent' }, 'its condition IsProd is false'],
    ['a name of every object', { Ref: 'constructor' }, 'no resource or parameter constructor'],
    ['an attribute of nothing', { 'Fn::GetAtt': 'Queue' }, 'must name a resource and one of its'],
    ['a missing mapping', { 'Fn::FindInMap': ['Sizes', 'test', 'memory'] }, 'no Sizes.test.memory'],
    ['a missing condition', { 'Fn::If': ['Never', 1, 2] }, 'no condition Never'],
    ['a missing element', { 'Fn::Select': [5, ['a']] }, 'no element 5 in a list of 1'],
    ['a list in text', { 'Fn::Sub': '${Zones}' }, 'expected text, not ["a","b"]'],
    ['text for a list', { 'Fn::Join': ['-', 'abc'] }, 'expected a list, not "abc"'],
    [
      'an unknown function',
      { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] },
      'Fn::Cidr cannot be resolved here',
    ],
    ['a function beside other keys', { 'Fn::Sub': 'x', Other: 1 }, 'must be the only key'],
  ])('name the place of %s', (_, value, message) => {
    expect(() => resolve(value)).toThrow(message);
    expect(() => resolve(value)).toThrow(/^Resources\.X\.Properties\.Y/);
  });

  it.each<[string, TemplateValue, string, string]>([
    [
      'a missing attribute',
      { 'Fn::GetAtt': 'Queue.Colour' },
      'Queue.Colour',
      'has no attribute Colour here; known: Arn',
    ],
    [
      'another stack',
      { 'Fn::ImportValue': 'vpc-id' },
      'vpc-id',
      'the export vpc-id belongs to another stack',
    ],
  ])('name the place of %s and put a text in its stead', (_, value, standIn, reason) => {
    const resolver = resolverOf();
    expect(resolver.resolve(value, 'Resources.X.Properties.Y')).toBe(standIn);
    expect(resolver.takeUnresolved()).toEqual([
      {
        path: expect.stringMatching(/^Resources\.X\.Properties\.Y/),
        reason: expect.stringContaining(reason),
      },
    ]);
  });

  it('name conditions that depend on each other', () => {
    const resolver = resolverOf({
      Conditions: { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
    });
    expect(() => resolver.condition('A', 'here')).toThrow('A → B → A');
  });

  it('leave nothing unresolved', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom<TemplateValue>(
        { Ref: 'Queue' },
        { Ref: 'AWS::NoValue' },
        { 'Fn::GetAtt': ['Queue', 'Arn'] },
        { 'Fn::Sub': '${Stage}-${Queue.Arn}' },
        { 'Fn::Join': ['', [{ Ref: 'Stage' }, { 'Fn::Sub': 'x' }]] },
      ),
    );
    const { tree } = fc.letrec<{ tree: TemplateValue }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^Key[a-z]{0,3}$/), tie('tree'), { maxKeys: 4 }),
        fc
          .tuple(fc.constantFrom('IsProd', 'IsDev'), tie('tree'), tie('tree'))
          .map((branches): TemplateValue => ({ 'Fn::If': branches })),
      ),
    }));
    const resolver = resolverOf();
    fc.assert(
      fc.property(tree, (value) => {
        const text = JSON.stringify(resolver.resolve(value, 'X')) ?? '';
        expect(text).not.toMatch(/"(Ref|Fn::[A-Za-z]+)":/);
      }),
    );
  });
});

describe('parameters', () => {
  it.each<[string, object, TemplateValue]>([
    ['its own name', { Type: 'String' }, 'P'],
    ['the first of those allowed', { Type: 'String', AllowedValues: ['a', 'b'] }, 'a'],
    ['zero', { Type: 'Number' }, '0'],
  ])('without a value are named and become %s', (_, P, standIn) => {
    const resolver = resolverOf({ Parameters: { P }, Conditions: {} });
    expect(resolver.resolve({ Ref: 'P' }, 'X')).toBe(standIn);
    expect(resolver.takeUnresolved().map(({ path }) => path)).toEqual(['Parameters.P']);
  });

  it.each<[string, object, Record<string, string>, string]>([
    [
      'with a value that is not allowed',
      { P: { Type: 'String', AllowedValues: ['a'] } },
      { P: 'b' },
      'Parameters.P: b is not one of a',
    ],
    ['that do not exist', {}, { Q: 'x' }, 'Parameters.Q: the template has no such parameter'],
  ])('are refused %s', (_, Parameters, given, message) => {
    expect(() => resolverOf({ Parameters, Conditions: {} }, given)).toThrow(message);
  });
});
