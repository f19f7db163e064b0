import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { harmless, integer, readProperties } from '../../cloudformation/resource-type.ts';
import type { TemplateObject } from '../../cloudformation/template-value.ts';

const schema = z.object({
  Size: integer,
  Tags: harmless.optional(),
  Policy: z.record(z.string(), z.unknown()).optional(),
  Nested: z.object({ Kept: z.string(), List: z.array(z.object({ Name: z.string() })) }).optional(),
});

const shortcomingsOf = (properties: TemplateObject): string[] =>
  readProperties(schema, { logicalId: 'A', type: 'T', generatedName: 'a', properties })
    .shortcomings;

describe('properties that nothing reads', () => {
  it('are named at every depth', () => {
    expect(
      shortcomingsOf({
        Size: '3',
        Colour: 'red',
        Nested: { Kept: 'x', Shape: 'round', List: [{ Name: 'a' }, { Name: 'b', Age: 1 }] },
      }),
    ).toEqual([
      'its property Colour has no effect here',
      'its property Nested.Shape has no effect here',
      'its property Nested.List.1.Age has no effect here',
    ]);
  });

  it('are none where whole documents are passed on or nothing is missed', () => {
    expect(
      shortcomingsOf({ Size: 3, Tags: [{ Key: 'a' }], Policy: { Any: [{ Thing: 1 }] } }),
    ).toEqual([]);
  });
});
