import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { startSystem, type System } from '../../system/start-system.ts';
import { Shop } from '../system/shop-system.ts';
import { ECHO, protectedApi } from './jwt-template.ts';

const shop = new Shop();
let system: System;
/** An issuer that somebody else runs: with a key set, or silent. */
let issuer: Server;
let hangs = false;
let outsideKey: CryptoKey;

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  outsideKey = privateKey;
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'outside', alg: 'RS256' }];
  issuer = createServer((request, response) => {
    if (hangs) return;
    const jwks_uri = `${issuerUrl()}/keys`;
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : { jwks_uri }));
  });
  await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening));
  const codeFolder = await shop.package(ECHO);
  system = await startSystem({
    template: protectedApi(issuerUrl()),
    codeFolder: () => codeFolder,
    port: 0,
    anyPortIfTaken: true,
    runEventSources: false,
  });
});
afterAll(async () => {
  await system.stop();
  issuer.closeAllConnections();
  issuer.close();
  await shop.cleanUp();
});

const issuerUrl = (): string => {
  const { port } = issuer.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

const get = (path: string, token?: string): Promise<Response> =>
  fetch(`${system.url}${path}`, token === undefined ? {} : { headers: { authorization: token } });

const idToken = async (request: object = {}): Promise<string> =>
  (await system.issueToken({ sub: 'customer-1', ...request })).idToken;

const challenge = (description: string): string =>
  `Bearer scope="" error="invalid_token" error_description="${description}"`;

/** A token of the outside issuer. */
const outsideToken = (claims: JWTPayload = {}, header: object = {}): Promise<string> =>
  new SignJWT({ iss: issuerUrl(), aud: 'shop', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'outside', ...header })
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '1h')
    .sign(outsideKey);

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a JWT authorizer', () => {
  it('hands the claims of an ID token to the function, as text', async () => {
    // Act
    const token = await idToken({ email: 'ada@example.com', name: 'Ada', groups: ['a', 'b'] });
    const response = await get('/protected', `Bearer ${token}`);

    // Assess
    expect(response.status).toBe(200);
    const { requestContext }: { requestContext: { authorizer: unknown } } = JSON.parse(
      await response.text(),
    );
    expect(requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          sub: 'customer-1',
          iss: system.outputs['Issuer'],
          aud: system.outputs['Client'],
          token_use: 'id',
          'cognito:username': 'customer-1',
          'cognito:groups': '[a b]',
          email: 'ada@example.com',
          email_verified: 'true',
          name: 'Ada',
          exp: expect.stringMatching(/^\d+$/),
          iat: expect.stringMatching(/^\d+$/),
          auth_time: expect.stringMatching(/^\d+$/),
          event_id: expect.any(String),
          jti: expect.any(String),
        },
        scopes: null,
      },
    });
  });

  it('takes a token without the word Bearer, and an access token by its client', async () => {
    const { accessToken } = await system.issueToken({ sub: 'customer-1' });
    expect((await get('/protected', accessToken)).status).toBe(200);
  });

  it('leaves routes without authorization open', async () => {
    expect((await get('/open')).status).toBe(200);
  });

  it('answers 401 without a token', async () => {
    const response = await get('/protected');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.text()).toBe('{"message":"Unauthorized"}');
  });

  it.each<[string, () => Promise<string>, string]>([
    ['has expired', () => idToken({ expiresInSeconds: -60 }), 'the token has expired'],
    [
      'is of another pool',
      () => idToken({ poolId: system.outputs['OtherPool'] }),
      'the token does not have a valid issuer',
    ],
    [
      'has an altered signature',
      async () =>
        (await idToken()).replace(
          /\.(.)([^.]*)$/,
          (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
        ),
      'the signature is invalid',
    ],
    [
      'has altered claims',
      async () => {
        const [header, , signature] = (await idToken()).split('.');
        const claims = {
          iss: system.outputs['Issuer'],
          aud: system.outputs['Client'],
          exp: 4_000_000_000,
        };
        return `${header}.${encoded(claims)}.${signature}`;
      },
      'the signature is invalid',
    ],
    [
      'is not signed',
      async () => {
        const [, claims] = (await idToken()).split('.');
        return `${encoded({ alg: 'none' })}.${claims}.`;
      },
      'signing method is invalid',
    ],
    [
      'is signed with the public key as a secret',
      async () => {
        const keys = await get(`/${system.outputs['Pool']}/.well-known/jwks.json`);
        const [, claims = ''] = (await idToken()).split('.');
        return new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()))
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(await keys.text()));
      },
      'signing method is invalid',
    ],
    [
      'names an unknown key',
      async () => {
        const [, claims, signature] = (await idToken()).split('.');
        return `${encoded({ alg: 'RS256', kid: 'unknown' })}.${claims}.${signature}`;
      },
      'signing key is unknown',
    ],
    ['is none', async () => 'not-a-token', 'the token is malformed'],
  ])('refuses a token that %s', async (_, token, description) => {
    const response = await get('/protected', await token());

    expect(response.headers.get('www-authenticate')).toBe(challenge(description));
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ message: 'Unauthorized' });
  });

  it('answers 403 where no scope of the route is in the token', async () => {
    // Act
    const without = await get('/scoped', await idToken());
    const { accessToken } = await system.issueToken({ sub: 'a', scopes: ['x', 'orders/read'] });
    const withScope = await get('/scoped', accessToken);

    // Assess
    expect(without.status).toBe(403);
    expect(await without.text()).toBe('{"message":"Forbidden"}');
    expect(without.headers.get('www-authenticate')).toMatch(
      /^Bearer scope="orders\/read orders\/write" error="insufficient_scope"/,
    );
    expect(withScope.status).toBe(200);
    expect(JSON.parse(await withScope.text())).toHaveProperty(
      'requestContext.authorizer.jwt.scopes',
      ['x', 'orders/read'],
    );
  });
});

describe('a JWT authorizer with an issuer elsewhere', () => {
  it('answers 401 in time while the issuer hangs, and recovers with it', async () => {
    // Prepare
    hangs = true;
    const startedAt = performance.now();

    // Act
    const hanging = await get('/outside', await outsideToken());
    const tookMs = performance.now() - startedAt;
    hangs = false;
    const recovered = await get('/outside', await outsideToken());

    // Assess
    expect(hanging.status).toBe(401);
    expect(hanging.headers.get('www-authenticate')).toBe(
      challenge('OIDC discovery endpoint communication error'),
    );
    expect(tookMs).toBeLessThan(5_000);
    expect(recovered.status).toBe(200);
  });

  it.each<[string, JWTPayload, string]>([
    ['is for another audience', { aud: 'other' }, 'the token does not have a valid audience'],
    ['is not valid yet', { nbf: 4_000_000_000 }, 'the token is not valid yet'],
    ['has expired', { exp: 1_000_000_000 }, 'the token has expired'],
  ])('refuses a token that %s', async (_, claims, description) => {
    const response = await get('/outside', await outsideToken(claims));

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challenge(description));
  });
});

describe('several HTTP APIs', () => {
  it('have a route table each, at the root, below a path and at a host', async () => {
    const { SecondApi, SecondApiOnAws } = system.outputs;
    expect((await get('/second')).status).toBe(404);
    expect((await fetch(`${SecondApi}/second`)).status).toBe(200);
    expect((await fetch(`${SecondApi}/open`)).status).toBe(404);
    expect((await fetch(String(SecondApiOnAws))).status).toBe(200);
  });
});
