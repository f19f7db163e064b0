import type { IncomingMessage } from 'node:http';

/**
 * Refuses what a web page of another origin makes a browser send. A page cannot read the answer, but
 * that an image tag can purge a queue is bad enough; and with a name of its own that it points at
 * this machine (DNS rebinding) it could read answers too.
 *
 * A browser tells where a request comes from: `Host` is the name that the page used, `Origin` the
 * page's own address, `Sec-Fetch-Site` how the two are related. Other clients send no `Origin` and no
 * `Sec-Fetch-Site`, and name this machine in `Host`.
 *
 * @param options.allowsOrigin what the template's CORS configuration allows; nothing unless given
 * @param options.navigable true for pages that a link of another page may lead to
 * @returns why the request is refused, as text for its sender; undefined when it is not
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function crossSiteRefusal(
  request: IncomingMessage,
  {
    allowsOrigin = () => false,
    navigable = false,
  }: { allowsOrigin?: ((origin: string) => boolean) | undefined; navigable?: boolean } = {},
): string | undefined {
  const { host, origin } = request.headers;
  if (host !== undefined && !isLoopback(host)) {
    return `This endpoint answers to names of this machine only (127.0.0.1, localhost, *.localhost), not to ${host}.\n`;
  }
  if (origin !== undefined) {
    return origin === `http://${host}` || allowsOrigin(origin)
      ? undefined
      : `Pages of ${origin} may not use this endpoint; for the HTTP API, the template's CorsConfiguration can allow it.\n`;
  }
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  if (navigable && isNavigation(request)) return undefined;
  return 'A page of another origin may not use this endpoint.\n';
}

/** True when somebody follows a link to a page: the browser shows it, and no other page can read it. */
const isNavigation = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document';

/** True for the loopback addresses and for `localhost` and every name below it (RFC 6761). */
function isLoopback(host: string): boolean {
  const hostname = URL.parse(`http://${host}`)?.hostname ?? '';
  return (
    hostname === '127.0.0.1' ||
    hostname === '[::1]' ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost')
  );
}
