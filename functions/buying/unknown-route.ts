import { HttpProblem } from '../../shared/http/problem.ts';
import { selfContainedHttpFunction } from '../../shared/middleware/http-function.ts';

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

export interface UnknownRouteDependencies {
  readonly methodsOf: (path: string) => readonly string[] | undefined;
}

/** The `$default` route: 405 with the methods that are known for the path, or else 404. */
export function createHandler(dependencies: () => UnknownRouteDependencies) {
  return selfContainedHttpFunction(dependencies, async ({ rawPath, requestContext }, known) => {
    const methods = known.methodsOf(rawPath);
    if (!methods) throw new HttpProblem('not-found', 'The API has nothing under this path');
    const allow = methods.join(', ');
    throw new HttpProblem(
      'method-not-allowed',
      `${requestContext.http.method} is not known here; ${allow} would be`,
      { headers: { allow } },
    );
  });
}

export const handler = createHandler(() => ({ methodsOf }));
