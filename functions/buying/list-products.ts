import { jsonResponse } from '../../shared/http/problem.ts';
import { selfContainedHttpFunction } from '../../shared/middleware/http-function.ts';
import { type Product, products } from './catalog.ts';

export interface ListProductsDependencies {
  readonly products: readonly Product[];
}

/** GET /products: what can be ordered, and for how much. */
export function createHandler(dependencies: () => ListProductsDependencies) {
  return selfContainedHttpFunction(dependencies, async (_event, catalog) =>
    jsonResponse(200, { products: catalog.products }),
  );
}

export const handler = createHandler(() => ({ products }));
