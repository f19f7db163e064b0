import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';
import type { LocalContext } from '../context/local-context.ts';
import type { Collection } from '../storage/storage.ts';

/** An app client: the audience of tokens. Validity in seconds. */
export interface UserPoolClient {
  clientId: string;
  idTokenSeconds: number;
  accessTokenSeconds: number;
}

/** Whom a token is for and what it says. */
export interface TokenRequest {
  sub: string;
  /** `<sub>@example.com` unless given. */
  email?: string;
  /** True unless given. */
  emailVerified?: boolean;
  /** The same as `sub` unless given. */
  name?: string;
  /** The claim `cognito:groups`. */
  groups?: readonly string[];
  /** Scopes of the access token; Cognito's `aws.cognito.signin.user.admin` unless given. */
  scopes?: readonly string[];
  /** The only or first pool and client of the template unless given. */
  poolId?: string;
  clientId?: string;
  /** From now; that of the client unless given, and past already when it is negative. */
  expiresInSeconds?: number;
}

export interface IssuedTokens {
  idToken: string;
  accessToken: string;
  /** Until the ID token expires. */
  expiresInSeconds: number;
}

/** There is no such pool or app client, or the template has none. */
export class UserPoolNotFoundError extends Error {
  override readonly name = 'UserPoolNotFoundError';
}

const storedKey = z.record(z.string(), z.unknown());

interface SigningKey {
  id: string;
  privateKey: CryptoKey | Uint8Array;
  publicJwk: JWK;
}

/**
 * A Cognito user pool without users: an issuer that signs for whoever is asked for. Its key is
 * made when it is first needed and kept in the storage, so that tokens outlive a restart.
 */
export class UserPool {
  readonly id: string;
  readonly issuer: string;
  readonly #clients = new Map<string, UserPoolClient>();
  readonly #context: LocalContext;
  readonly #keys: Collection<Record<string, unknown>>;
  #key: Promise<SigningKey> | undefined;

  constructor(id: string, context: LocalContext, keys: Collection<Record<string, unknown>>) {
    this.id = id;
    this.issuer = `https://cognito-idp.${context.region}.amazonaws.com/${id}`;
    this.#context = context;
    this.#keys = keys;
  }

  addClient(client: UserPoolClient): void {
    this.#clients.set(client.clientId, client);
  }

  /** The JSON Web Key Set with which anyone verifies the pool's tokens. */
  async keySet(): Promise<{ keys: JWK[] }> {
    return { keys: [(await this.#signingKey()).publicJwk] };
  }

  /**
   * Signs an ID token and an access token with the claims that Cognito puts into them. An access
   * token has no e-mail address and no name.
   *
   * @throws UserPoolNotFoundError
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
   */
  async issue(request: TokenRequest): Promise<IssuedTokens> {
    const client =
      request.clientId === undefined
        ? [...this.#clients.values()][0]
        : this.#clients.get(request.clientId);
    if (!client) {
      throw new UserPoolNotFoundError(
        `The user pool ${this.id} has no app client ${request.clientId ?? 'at all'}`,
      );
    }
    const { sub, name = sub, email = `${sub}@example.com`, emailVerified = true } = request;
    const groups = request.groups?.length ? { 'cognito:groups': request.groups } : {};
    const scope = (request.scopes ?? ['aws.cognito.signin.user.admin']).join(' ');
    const idTokenSeconds = request.expiresInSeconds ?? client.idTokenSeconds;
    const accessTokenSeconds = request.expiresInSeconds ?? client.accessTokenSeconds;
    const [idToken, accessToken] = await Promise.all([
      this.#sign(sub, idTokenSeconds, {
        aud: client.clientId,
        token_use: 'id',
        'cognito:username': sub,
        email,
        email_verified: emailVerified,
        name,
        ...groups,
      }),
      this.#sign(sub, accessTokenSeconds, {
        client_id: client.clientId,
        token_use: 'access',
        username: sub,
        scope,
        ...groups,
      }),
    ]);
    return { idToken, accessToken, expiresInSeconds: idTokenSeconds };
  }

  async #sign(sub: string, seconds: number, claims: Record<string, unknown>): Promise<string> {
    const { id, privateKey } = await this.#signingKey();
    const now = Math.floor(this.#context.clock.now() / 1000);
    // A token that has expired was issued before that.
    const issuedAt = Math.min(now, now + seconds);
    return new SignJWT({ ...claims, auth_time: issuedAt, event_id: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', kid: id })
      .setSubject(sub)
      .setIssuer(this.issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(now + seconds)
      .setJti(randomUUID())
      .sign(privateKey);
  }

  #signingKey(): Promise<SigningKey> {
    this.#key ??= this.#loadOrMakeKey();
    return this.#key;
  }

  async #loadOrMakeKey(): Promise<SigningKey> {
    const stored = this.#keys.load().find(({ key }) => key === this.id)?.value;
    const jwk: JWK = stored ?? (await newPrivateJwk());
    if (!stored) {
      this.#keys.put(this.id, { ...jwk });
      await this.#context.storage.flushed();
    }
    const { kty, n, e } = jwk;
    const id = createHash('sha256').update(String(n)).digest('base64url');
    return {
      id,
      privateKey: await importJWK(jwk, 'RS256'),
      publicJwk: {
        alg: 'RS256',
        use: 'sig',
        kid: id,
        ...(kty === undefined ? {} : { kty }),
        ...(n === undefined ? {} : { n }),
        ...(e === undefined ? {} : { e }),
      },
    };
  }
}

async function newPrivateJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return exportJWK(privateKey);
}

/** The user pools of the template, in the order of their creation. */
export class UserPools {
  readonly #context: LocalContext;
  readonly #keys: Collection<Record<string, unknown>>;
  readonly #pools = new Map<string, UserPool>();

  constructor(context: LocalContext) {
    this.#context = context;
    this.#keys = context.storage.collection('cognito-keys', (json) => storedKey.parse(json));
  }

  ensure(poolId: string): UserPool {
    const pool = this.#pools.get(poolId) ?? new UserPool(poolId, this.#context, this.#keys);
    this.#pools.set(poolId, pool);
    return pool;
  }

  find(poolId: string): UserPool | undefined {
    return this.#pools.get(poolId);
  }

  ofIssuer(issuer: string): UserPool | undefined {
    return [...this.#pools.values()].find((pool) => pool.issuer === issuer);
  }

  /** @throws UserPoolNotFoundError */
  issueToken(request: TokenRequest): Promise<IssuedTokens> {
    const pool =
      request.poolId === undefined ? [...this.#pools.values()][0] : this.#pools.get(request.poolId);
    if (!pool) {
      const wanted = request.poolId ?? 'at all';
      throw new UserPoolNotFoundError(`The template has no user pool ${wanted}`);
    }
    return pool.issue(request);
  }
}
