import type { Money } from '../../shared/order/money.ts';

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly price: Money;
}

/** The one currency that prices and totals are in. */
export const CURRENCY = 'EUR';

/** What is sold. A price comes from here and never from a request. */
export const products: readonly Product[] = [
  product('pencil', 'Pencil', 150),
  product('eraser', 'Eraser', 95),
  product('notebook', 'Notebook', 420),
  product('fountain-pen', 'Fountain Pen', 3_900),
  product('ink-bottle', 'Ink Bottle', 1_250),
  product('desk-lamp', 'Desk Lamp', 8_900),
  product('drafting-table', 'Drafting Table', 64_900),
];

const productsById: ReadonlyMap<string, Product> = new Map(products.map((each) => [each.id, each]));

export function findProduct(id: string): Product | undefined {
  return productsById.get(id);
}

function product(id: string, name: string, amount: number): Product {
  return { id, name, price: { amount, currency: CURRENCY } };
}
