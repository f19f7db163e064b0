import * as z from 'zod';

/** An answer of the HTTP API, and how long it took. */
export interface Answer {
  status: number;
  contentType: string;
  body: unknown;
  durationMs: number;
  /** When the request was sent, in milliseconds since the epoch. */
  at: number;
}

export interface OrderRequest {
  customer: { id: string; name: string; email: string };
  address: { line1: string; city: string; postalCode: string; country: string };
  lines: { product: string; quantity: number }[];
}

const accepted = z.object({ orderId: z.string() });

/** The shop as its customers see it: HTTP and nothing else. */
export class Shop {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  place(request: OrderRequest, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#send('POST', '/orders', JSON.stringify(request), headers);
  }

  /** Places whatever `text` is. */
  placeText(text: string): Promise<Answer> {
    return this.#send('POST', '/orders', text);
  }

  cancel(orderId: string, reason: string): Promise<Answer> {
    return this.#send('POST', `/orders/${orderId}/cancel`, JSON.stringify({ reason }));
  }

  read(orderId: string): Promise<Answer> {
    return this.#send('GET', `/orders/${orderId}`);
  }

  async #send(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const at = Date.now();
    const start = performance.now();
    const response = await fetch(new URL(path, this.#url), {
      method,
      ...(body === undefined
        ? {}
        : { body, headers: { 'content-type': 'application/json', ...headers } }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: answer,
      durationMs: performance.now() - start,
      at,
    };
  }
}

/** The id of the order that an answer accepted. */
export const orderIdOf = (answer: Answer): string => accepted.parse(answer.body).orderId;

/** A request that nothing speaks against. */
export function pencils(customerId: string, quantity = 4): OrderRequest {
  return {
    customer: { id: customerId, name: 'Ada Example', email: `${customerId}@example.com` },
    address: { line1: '12 Sample Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
    lines: [{ product: 'pencil', quantity }],
  };
}
