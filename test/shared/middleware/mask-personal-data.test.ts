import { describe, expect, it } from '@jest/globals';

import { maskPersonalData } from '../../../shared/middleware/telemetry.ts';
import { pencilOrder, person } from '../../functions/support/sample-order.ts';

describe('what is logged', () => {
  it('holds nothing personal of an order, and the id of its customer', () => {
    const text = JSON.stringify({ order: pencilOrder() }, maskPersonalData);

    for (const personal of Object.values(person)) expect(text).not.toContain(personal);
    expect(text).toContain('"customer":{"id":"customer-1036"}');
    expect(text).toContain('"total"');
  });

  it('masks a customer that is no object, and addresses within text', () => {
    const logged = { customer: person.name, message: `Email to <${person.email}>: refused` };

    expect(JSON.stringify(logged, maskPersonalData)).toBe(
      '{"customer":"***","message":"Email to <***>: refused"}',
    );
  });

  it('leaves errors to the logger, which masks their parts', () => {
    const error = new Error('failed');

    expect(maskPersonalData('error', error)).toBe(error);
  });
});
