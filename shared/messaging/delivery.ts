/** What became of one message or item that was handed to AWS together with others. */
export type Delivery =
  { readonly delivered: true } | { readonly delivered: false; readonly error: Error };

export const DELIVERED: Delivery = { delivered: true };

export function undelivered(error: Error): Delivery {
  return { delivered: false, error };
}
