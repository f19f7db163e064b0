import type { IncomingMessage } from 'node:http';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import * as z from 'zod';
import type { Clock } from '../context/clock.ts';
import { gatewayAnswer, type HttpAnswer } from './function-response.ts';
import { splitTarget } from './request-event.ts';

/** `AWS::ApiGatewayV2::Authorizer` of type JWT. */
export interface JwtAuthorizerConfiguration {
  /** `$request.header.Authorization`, `$request.querystring.token`: the first that is there. */
  identitySource: readonly string[];
  issuer: string;
  audience: readonly string[];
}

/** What the event tells of the caller: `requestContext.authorizer.jwt`. */
export interface AuthorizedCaller {
  claims: Record<string, string>;
  scopes: string[] | null;
}

export type Authorization =
  { allowed: true; caller: AuthorizedCaller } | { allowed: false; answer: HttpAnswer };

/** The keys of an issuer that lives on this machine; undefined for one that does not. */
export type LocalIssuers = (issuer: string) => Promise<JSONWebKeySet> | undefined;

/** API Gateway takes signatures by RSA keys alone. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
/** As long as API Gateway waits for an issuer, and keeps its keys. */
const ISSUER_TIMEOUT_MS = 1_500;
const KEYS_KEPT_MS = 2 * 60 * 60 * 1_000;

const discovery = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) });

/** The token cannot be taken; the message is the `error_description`. */
class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/**
 * Decides by a JSON Web Token whether a request may pass: signature, issuer, audience (`aud`, or
 * `client_id` where there is no `aud`), `exp`, `nbf`, `iat` and, if the route has scopes, at least
 * one of them in `scope` or `scp`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class JwtAuthorizer {
  readonly #configuration: JwtAuthorizerConfiguration;
  readonly #clock: Clock;
  readonly #localIssuers: LocalIssuers;
  #outsideKeys: { getKey: JWTVerifyGetKey; staleAt: number } | undefined;

  constructor(
    configuration: JwtAuthorizerConfiguration,
    { clock, localIssuers }: { clock: Clock; localIssuers: LocalIssuers },
  ) {
    this.#configuration = configuration;
    this.#clock = clock;
    this.#localIssuers = localIssuers;
  }

  /** @param routeScopes the route's `AuthorizationScopes` */
  async authorize(
    request: IncomingMessage,
    routeScopes: readonly string[],
  ): Promise<Authorization> {
    const token = this.#tokenOf(request);
    if (token === undefined) return refused(401, 'Bearer');
    const challenge = `Bearer scope="${routeScopes.join(' ')}"`;
    let payload: JWTPayload;
    try {
      payload = await this.#verified(token);
    } catch (error) {
      if (!(error instanceof InvalidTokenError)) throw error;
      return refused(
        401,
        `${challenge} error="invalid_token" error_description="${error.message}"`,
      );
    }
    const scopes = scopesOf(payload);
    if (routeScopes.length > 0 && !routeScopes.some((scope) => scopes?.includes(scope))) {
      return refused(
        403,
        `${challenge} error="insufficient_scope" error_description="the token does not have the required scopes"`,
      );
    }
    // Without scopes on the route the event names none.
    const caller = { claims: claimTexts(payload), scopes: routeScopes.length > 0 ? scopes : null };
    return { allowed: true, caller };
  }

  #tokenOf(request: IncomingMessage): string | undefined {
    for (const source of this.#configuration.identitySource) {
      const [, place, name = ''] = /^\$request\.(header|querystring)\.(.+)$/i.exec(source) ?? [];
      const value =
        place?.toLowerCase() === 'header'
          ? request.headers[name.toLowerCase()]
          : new URLSearchParams(splitTarget(request.url ?? '/').query).get(name);
      if (typeof value === 'string' && value !== '') return value.replace(/^Bearer\s+/i, '').trim();
    }
    return undefined;
  }

  /** @throws InvalidTokenError */
  async #verified(token: string): Promise<JWTPayload> {
    const { issuer } = this.#configuration;
    this.#checkIssuer(token);
    const getKey = await this.#keysOf(issuer);
    try {
      const { payload } = await jwtVerify(token, getKey, {
        issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#clock.now()),
      });
      this.#checkAudience(payload);
      if (payload.iat !== undefined && payload.iat * 1000 > this.#clock.now() + 1000) {
        throw new InvalidTokenError('the token was issued in the future');
      }
      return payload;
    } catch (error) {
      throw invalidTokenOf(error);
    }
  }

  /** Before any key is fetched: a token of somebody else makes no request. */
  #checkIssuer(token: string): void {
    let claimed: unknown;
    try {
      claimed = decodeJwt(token).iss;
    } catch (error) {
      if (!(error instanceof errors.JWTInvalid)) throw error;
      throw new InvalidTokenError('the token is malformed');
    }
    if (claimed !== this.#configuration.issuer) {
      throw new InvalidTokenError('the token does not have a valid issuer');
    }
  }

  #checkAudience({ aud, client_id: clientId }: JWTPayload): void {
    const named = aud === undefined ? [clientId] : [aud].flat();
    const { audience } = this.#configuration;
    if (!named.some((name) => typeof name === 'string' && audience.includes(name))) {
      throw new InvalidTokenError('the token does not have a valid audience');
    }
  }

  async #keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const local = this.#localIssuers(issuer);
    if (local) return createLocalJWKSet(await local);
    const now = this.#clock.now();
    if (!this.#outsideKeys || this.#outsideKeys.staleAt <= now) {
      const uri = await discoveredKeys(issuer);
      const getKey = createRemoteJWKSet(new URL(uri), {
        timeoutDuration: ISSUER_TIMEOUT_MS,
        cacheMaxAge: KEYS_KEPT_MS,
      });
      this.#outsideKeys = { getKey, staleAt: now + KEYS_KEPT_MS };
    }
    return this.#outsideKeys.getKey;
  }
}

/** @throws InvalidTokenError when the issuer does not tell where its keys are */
async function discoveredKeys(issuer: string): Promise<string> {
  try {
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return discovery.parse(await response.json()).jwks_uri;
  } catch (error) {
    throw new InvalidTokenError('OIDC discovery endpoint communication error', { cause: error });
  }
}

function invalidTokenOf(error: unknown): InvalidTokenError {
  if (error instanceof InvalidTokenError) return error;
  return new InvalidTokenError(descriptionOf(error), { cause: error });
}

function descriptionOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? 'the token is not valid yet'
      : `the token does not have a valid ${error.claim}`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'signing method is invalid';
  if (error instanceof errors.JWKSNoMatchingKey) return 'signing key is unknown';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature is invalid';
  if (error instanceof errors.JOSENotSupported) return 'signing method is invalid';
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid
    ? 'the token is malformed'
    : 'JWKS communication error';
}

function scopesOf({ scope, scp }: JWTPayload): string[] | null {
  if (typeof scope === 'string') return scope.split(' ').filter(Boolean);
  if (typeof scp === 'string') return scp.split(' ').filter(Boolean);
  return Array.isArray(scp) ? scp.map(String) : null;
}

/** Every claim as text: a list as `[a b]`, an object as JSON. */
const claimTexts = (payload: JWTPayload): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function refused(status: 401 | 403, challenge: string): Authorization {
  const answer = gatewayAnswer(status, status === 401 ? 'Unauthorized' : 'Forbidden');
  return {
    allowed: false,
    answer: { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } },
  };
}
