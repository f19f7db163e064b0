import { HttpProblem } from '../../shared/http/problem.ts';
import { httpFunction } from '../../shared/middleware/http-function.ts';
import { methodsOf } from './routes.ts';

export interface UnknownRouteDependencies {
  readonly methodsOf: (path: string) => readonly string[] | undefined;
}

/** The `$default` route: 405 with the methods that are known for the path, or else 404. */
export function createHandler(dependencies: () => UnknownRouteDependencies) {
  return httpFunction(dependencies, async ({ rawPath, requestContext }, known) => {
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
