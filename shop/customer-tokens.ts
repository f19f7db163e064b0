/** The local system issues no token; the message says what it answered. */
export class NoTokenError extends Error {
  override readonly name = 'NoTokenError';
}

/**
 * ID tokens of customers, from the local system, which issues them for whoever is asked for. Each
 * customer is given one, which is good for an hour.
 */
export class CustomerTokens {
  readonly #url: string;
  readonly #tokens = new Map<string, Promise<string>>();

  /** @param url where the local system is */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws NoTokenError */
  of(customerId: string): Promise<string> {
    const known = this.#tokens.get(customerId);
    if (known) return known;
    const token = this.#issue(customerId);
    this.#tokens.set(customerId, token);
    token.catch(() => this.#tokens.delete(customerId));
    return token;
  }

  async #issue(customerId: string): Promise<string> {
    const page = new URL('/_local/token', this.#url);
    page.search = String(
      new URLSearchParams({ sub: customerId, name: 'Ada Example', token_use: 'id' }),
    );
    const response = await fetch(page);
    const text = await response.text();
    if (!response.ok) throw new NoTokenError(`${page.href} answered ${response.status}: ${text}`);
    return text;
  }
}
