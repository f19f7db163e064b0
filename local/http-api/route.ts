import type { JwtAuthorizer } from './jwt-authorizer.ts';

/** A route as `AWS::ApiGatewayV2::Route` names it, with the function behind it. */
export interface Route {
  /** `GET /orders/{orderId}`, `ANY /{proxy+}` or `$default`. */
  routeKey: string;
  functionName: string;
  /** Who may pass; without it everyone may. */
  authorization?: RouteAuthorization | undefined;
}

/** The authorizer of a route and the scopes of which it asks for one. */
export interface RouteAuthorization {
  authorizer: JwtAuthorizer;
  scopes: readonly string[];
}

export interface RouteMatch {
  route: Route;
  /** Decoded values of the path's variables. */
  pathParameters: Record<string, string>;
}

type Segment = { kind: 'literal'; text: string } | { kind: 'variable' | 'greedy'; name: string };

interface CompiledRoute {
  route: Route;
  method: string;
  segments: Segment[];
}

/** A route key that API Gateway would not take. */
export class RouteKeyError extends Error {
  override readonly name = 'RouteKeyError';
}

const DEFAULT_ROUTE = '$default';
const ANY_METHOD = 'ANY';
const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const RANK = { literal: 0, variable: 1, greedy: 2 };

/**
 * The routes of an HTTP API. The most specific one that matches is taken: a literal segment comes
 * before a variable and a variable before a greedy one, then the method before ANY, and `$default`
 * last of all. A known path with an unknown method matches nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export class RouteTable {
  #routes: CompiledRoute[] = [];
  #default: Route | undefined;

  /** @throws RouteKeyError */
  add(route: Route): void {
    if (route.routeKey === DEFAULT_ROUTE) {
      this.#default = route;
      return;
    }
    const [method = '', path = ''] = route.routeKey.split(' ');
    if (!METHODS.includes(method) || !path.startsWith('/')) {
      throw new RouteKeyError(`${route.routeKey} is no route key, such as GET /orders/{orderId}`);
    }
    const compiled = { route, method, segments: segmentsOf(path) };
    this.#routes = [
      ...this.#routes.filter((other) => other.route.routeKey !== route.routeKey),
      compiled,
    ].sort(bySpecificity);
  }

  /** @param rawPath the path as the client sent it, still encoded */
  match(method: string, rawPath: string): RouteMatch | undefined {
    const parts = rawPath.slice(1).split('/').map(decoded);
    for (const { route, method: wanted, segments } of this.#routes) {
      if (wanted !== ANY_METHOD && wanted !== method) continue;
      const pathParameters = parametersOf(segments, parts);
      if (pathParameters) return { route, pathParameters };
    }
    return this.#default && { route: this.#default, pathParameters: {} };
  }
}

function segmentsOf(path: string): Segment[] {
  const texts = path.slice(1).split('/');
  return texts.map((text, index) => {
    const [, name, plus] = /^\{([\w.:-]+)(\+)?\}$/.exec(text) ?? [];
    if (name === undefined) {
      if (/[{}]/.test(text)) throw new RouteKeyError(`${path}: ${text} is no path variable`);
      return { kind: 'literal', text };
    }
    if (plus && index < texts.length - 1) {
      throw new RouteKeyError(`${path}: a greedy variable must be the last segment`);
    }
    return { kind: plus ? 'greedy' : 'variable', name };
  });
}

function parametersOf(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [segment.name]: rest };
    }
    if (segment.kind === 'literal') {
      if (segment.text !== part) return undefined;
    } else {
      if (part === '') return undefined;
      parameters[segment.name] = part;
    }
  }
  return parts.length === segments.length ? parameters : undefined;
}

function bySpecificity(left: CompiledRoute, right: CompiledRoute): number {
  const length = Math.max(left.segments.length, right.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = rankAt(left, index) - rankAt(right, index);
    if (difference !== 0) return difference;
  }
  return Number(left.method === ANY_METHOD) - Number(right.method === ANY_METHOD);
}

function rankAt({ segments }: CompiledRoute, index: number): number {
  const segment = segments[index];
  return segment ? RANK[segment.kind] : RANK.greedy + 1;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign stands for itself.
    return part;
  }
}
