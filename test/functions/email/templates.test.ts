import { describe, expect, it } from '@jest/globals';

import { html, renderMail } from '../../../functions/email/rules.ts';
import { pencilOrder } from '../support/sample-order.ts';

const order = pencilOrder(1036, {
  customer: { id: 'customer-1', name: `<b>"O'Hara" & Co</b>`, email: 'ada@example.com' },
});

describe('a mail to a customer', () => {
  it('has nothing in it that a caller wrote', () => {
    const mail = renderMail(order, { state: 'Cancelled', reason: 'Buy at evil.example' });

    for (const part of [mail.subject, mail.html, mail.text]) {
      expect(part).not.toMatch(/Hara|evil|ada@|Sample Street|Berlin/);
    }
    expect(mail.text).toContain(`Your order ${order.orderId} was cancelled.`);
  });

  it('names every reason for which an order was declined', () => {
    const mail = renderMail(order, {
      state: 'Declined',
      reasons: [
        { rule: 'a', reason: 'Too much' },
        { rule: 'b', reason: 'Too many' },
      ],
    });

    expect(mail.html).toContain('<li>Too much</li><li>Too many</li>');
    expect(mail.text).toContain('- Too much\n- Too many');
  });

  it('says what was ordered and what it costs', () => {
    const mail = renderMail(order, { state: 'Shipped', trackingNumber: 'TRK-1' });

    expect(mail.subject).toBe(`Order ${order.orderId}: shipped`);
    expect(mail.text).toContain('4 x Pencil: €6.00\nTotal: €6.00');
    expect(mail.html).toContain('TRK-1');
  });
});

describe('a template', () => {
  it('escapes what is inserted', () => {
    expect(String(html`<p>${`<b>"O'Hara" & Co</b>`}</p>`)).toBe(
      '<p>&lt;b&gt;&quot;O&#39;Hara&quot; &amp; Co&lt;/b&gt;</p>',
    );
  });

  it('leaves alone what a template has made', () => {
    expect(String(html`<p>${html`<b>${'&'}</b>`}</p>`)).toBe('<p><b>&amp;</b></p>');
  });
});
