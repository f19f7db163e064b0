import { createHash } from 'node:crypto';

import type { OrderRequest } from './order-request.ts';

/**
 * Tells whether two requests ask for the same. The schema has put the fields in its own order and
 * cut off blanks, so only a difference in meaning makes another fingerprint.
 */
export function fingerprint(request: OrderRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}
