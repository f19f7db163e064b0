import * as z from 'zod';
import { CustomerTokens } from '../../shop/customer-tokens.ts';

/** An answer of the HTTP API, and how long it took. */
export interface Answer {
  status: number;
  contentType: string;
  body: unknown;
  durationMs: number;
  /** When the request was sent, in milliseconds since the epoch. */
  at: number;
}

/** Who orders, and what. */
export interface OrderRequest {
  /** Goes into the token. */
  customerId: string;
  address: { line1: string; city: string; postalCode: string; country: string };
  lines: { product: string; quantity: number }[];
}

const accepted = z.object({ orderId: z.string() });

/** Who calls where nothing says who. */
const SOMEBODY = 'customer-1';

/**
 * The shop as its customers see it: HTTP and nothing else. Each has a token. Whoever placed an order
 * here asks about it and cancels it, unless another customer is named.
 */
export class Shop {
  readonly #url: string;
  readonly #tokens: CustomerTokens;
  /** Customers by the id of their order. */
  readonly #placedBy = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
    this.#tokens = new CustomerTokens(url);
  }

  async place(request: OrderRequest, headers: Record<string, string> = {}): Promise<Answer> {
    const { customerId } = request;
    const answer = await this.#send(customerId, 'POST', '/orders', orderBody(request), headers);
    const { data } = accepted.safeParse(answer.body);
    if (data) this.#placedBy.set(data.orderId, customerId);
    return answer;
  }

  /** Places whatever `text` is. */
  placeText(text: string): Promise<Answer> {
    return this.#send(SOMEBODY, 'POST', '/orders', text);
  }

  cancel(orderId: string, reason: string, customerId = this.#customerOf(orderId)): Promise<Answer> {
    const body = JSON.stringify({ reason });
    return this.#send(customerId, 'POST', `/orders/${orderId}/cancel`, body);
  }

  read(orderId: string, customerId = this.#customerOf(orderId)): Promise<Answer> {
    return this.#send(customerId, 'GET', `/orders/${orderId}`);
  }

  /** The orders of a customer. */
  list(customerId: string): Promise<Answer> {
    return this.#send(customerId, 'GET', '/orders');
  }

  #customerOf(orderId: string): string {
    return this.#placedBy.get(orderId) ?? SOMEBODY;
  }

  async #send(
    customerId: string,
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const authorization = `Bearer ${await this.#tokens.of(customerId)}`;
    const at = Date.now();
    const start = performance.now();
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
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

/** What goes into the body: who orders is in the token. */
export const orderBody = ({ address, lines }: OrderRequest): string =>
  JSON.stringify({ address, lines });

/** A request that nothing speaks against. */
export function pencils(customerId: string, quantity = 4): OrderRequest {
  return {
    customerId,
    address: { line1: '12 Sample Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
    lines: [{ product: 'pencil', quantity }],
  };
}
