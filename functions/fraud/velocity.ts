/** A placed order as it is remembered: `<placedAt>#<orderId>`, so that one order counts once. */
export function placement(placedAt: string, orderId: string): string {
  return `${placedAt}#${orderId}`;
}

/** The window that a moment falls into and the one before: together they hold a sliding window. */
export function windowsAround(
  placedAt: string,
  windowMinutes: number,
): { readonly current: string; readonly previous: string } {
  const length = windowMinutes * 60_000;
  const start = Math.floor(Date.parse(placedAt) / length) * length;
  return {
    current: new Date(start).toISOString(),
    previous: new Date(start - length).toISOString(),
  };
}

/**
 * How many placements lie within the window that ends at a moment, which counts too. Later ones do
 * not, so that an order screened again finds what it found before.
 */
export function countWithinWindow(
  placements: Iterable<string>,
  endsAt: string,
  windowMinutes: number,
): number {
  const end = Date.parse(endsAt);
  const start = end - windowMinutes * 60_000;
  let within = 0;
  for (const each of placements) {
    const at = Date.parse(each.slice(0, each.indexOf('#')));
    if (at > start && at <= end) within += 1;
  }
  return within;
}
