import { formatMoney, times } from '../../shared/order/money.ts';
import type { Outcome } from '../../shared/order/messages.ts';
import type { Order, OrderLine } from '../../shared/order/order.ts';

/** What a customer is told about. */
export type ToldOutcome = Extract<Outcome, { state: 'Cancelled' | 'Declined' | 'Shipped' }>;

export interface Mail {
  /** Only fixed words and the order's id, so that no header can be smuggled in. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

interface News {
  readonly headline: string;
  readonly details: readonly string[];
}

/**
 * The mail about an outcome. Nothing that a caller wrote stands in it, not the name and not the reason
 * of a cancellation: nobody can make this system say something to somebody.
 */
export function renderMail(order: Order, outcome: ToldOutcome): Mail {
  const { headline, details } = newsOf(outcome);
  return {
    subject: `Order ${order.orderId}: ${headline}`,
    html: htmlBody(order, headline, details),
    text: textBody(order, headline, details),
  };
}

function newsOf(outcome: ToldOutcome): News {
  if (outcome.state === 'Shipped') {
    return { headline: 'shipped', details: [`Tracking number: ${outcome.trackingNumber}`] };
  }
  return outcome.state === 'Cancelled'
    ? { headline: 'cancelled', details: [] }
    : { headline: 'declined', details: outcome.reasons.map(({ reason }) => reason) };
}

function htmlBody(order: Order, headline: string, details: readonly string[]): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Order ${order.orderId}</title>
      </head>
      <body style="font-family: sans-serif">
        <p>Your order <strong>${order.orderId}</strong> was ${headline}.</p>
        ${
          details.length === 0
            ? ''
            : html`<ul>
                ${details.map((detail) => html`<li>${detail}</li>`)}
              </ul>`
        }
        <table>
          ${order.lines.map((line) => htmlLine(line))}
          <tr>
            <th colspan="2" align="left">Total</th>
            <th align="right">${formatMoney(order.total)}</th>
          </tr>
        </table>
      </body>
    </html> `;
  return String(document);
}

function htmlLine(line: OrderLine): Html {
  return html`<tr>
    <td>${String(line.quantity)}</td>
    <td>${line.product}</td>
    <td align="right">${lineTotal(line)}</td>
  </tr>`;
}

function textBody(order: Order, headline: string, details: readonly string[]): string {
  return [
    `Your order ${order.orderId} was ${headline}.`,
    ...details.map((detail) => `- ${detail}`),
    '',
    ...order.lines.map((line) => `${line.quantity} x ${line.product}: ${lineTotal(line)}`),
    `Total: ${formatMoney(order.total)}`,
    '',
  ].join('\n');
}

function lineTotal({ unitPrice, quantity }: OrderLine): string {
  return formatMoney(times(unitPrice, quantity));
}

/** HTML that is safe as it stands. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Insertion = string | Html | readonly Html[];

/**
 * A template for HTML: what is inserted is escaped, unless a template made it.
 *
 * @example html`<p>Dear ${customer.name},</p>`
 */
export function html(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  return new Html(String.raw({ raw: parts }, ...insertions.map((each) => safe(each))));
}

function safe(insertion: Insertion): string {
  if (typeof insertion === 'string') return escapeHtml(insertion);
  return insertion instanceof Html ? String(insertion) : insertion.map(String).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in text and in quoted attributes, not in scripts, styles or unquoted attributes. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
