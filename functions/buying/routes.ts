/** A path that the API knows, and the methods it takes there. */
interface Route {
  readonly path: RegExp;
  readonly methods: readonly string[];
}

const routes: readonly Route[] = [
  { path: /^\/orders$/, methods: ['GET', 'POST'] },
  { path: /^\/orders\/[^/]+$/, methods: ['GET'] },
  { path: /^\/orders\/[^/]+\/cancel$/, methods: ['POST'] },
  { path: /^\/products$/, methods: ['GET'] },
];

/** The methods that a path takes; `undefined` for a path that the API does not know. */
export function methodsOf(path: string): readonly string[] | undefined {
  return routes.find((route) => route.path.test(path))?.methods;
}
