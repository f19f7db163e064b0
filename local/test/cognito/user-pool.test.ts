import { afterEach, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Shop } from '../system/shop-system.ts';
import { protectedApi } from '../http-api/jwt-template.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const pools = () => {
  const { Pool, Client } = protectedApi().Resources;
  const { Pool: PoolId, Client: ClientId, Issuer } = protectedApi().Outputs;
  return { Resources: { Pool, Client }, Outputs: { PoolId, ClientId, Issuer } };
};

describe('a user pool of the template', () => {
  it('publishes its discovery document and its keys', async () => {
    // Prepare
    const system = await shop.start({ template: pools() });
    const { PoolId, ClientId, Issuer = '' } = system.outputs;
    const { idToken } = await system.issueToken({ sub: 'customer-1' });

    // Act
    const wellKnown = `${system.url}/${PoolId}/.well-known`;
    const discovery = await (await fetch(`${wellKnown}/openid-configuration`)).json();
    const keys = JSON.parse(await (await fetch(`${wellKnown}/jwks.json`)).text());

    // Assess
    expect(Issuer).toBe(`https://cognito-idp.us-east-1.amazonaws.com/${PoolId}`);
    expect(discovery).toMatchObject({
      issuer: Issuer,
      jwks_uri: `${Issuer}/.well-known/jwks.json`,
    });
    const verified = await jwtVerify(idToken, createLocalJWKSet(keys), {
      issuer: Issuer,
      audience: String(ClientId),
    });
    expect(verified.payload.sub).toBe('customer-1');
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  it('issues tokens at /_local/token', async () => {
    const system = await shop.start({ template: pools() });
    const page = `${system.url}/_local/token?sub=customer-1&name=Ada`;

    const both: Record<string, unknown> = JSON.parse(await (await fetch(page)).text());
    const bare = await (await fetch(`${page}&token_use=id`)).text();

    expect(both).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 });
    expect(decodeJwt(String(both['id_token']))).toMatchObject({ sub: 'customer-1', name: 'Ada' });
    expect(decodeJwt(String(both['access_token']))).not.toHaveProperty('email');
    expect(decodeJwt(bare)).toMatchObject({ email: 'customer-1@example.com', token_use: 'id' });
  });

  it.each([
    ['/_local/token', 400],
    ['/_local/token?sub=a&colour=red', 400],
    ['/_local/users/us-east-1_000000000/token?sub=a', 404],
  ])('answers %s with %i', async (path, status) => {
    const system = await shop.start({ template: pools() });
    expect((await fetch(system.url + path)).status).toBe(status);
  });

  it('keeps its key in the data folder', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const before = await shop.start({ template: pools(), dataDir });
    const { idToken } = await before.issueToken({ sub: 'customer-1' });
    const { PoolId } = before.outputs;
    await before.stop();

    // Act
    const after = await shop.start({ template: pools(), dataDir });

    // Assess
    const keys = await fetch(`${after.url}/${PoolId}/.well-known/jwks.json`);
    const keySet = createLocalJWKSet(JSON.parse(await keys.text()));
    await expect(jwtVerify(idToken, keySet)).resolves.toBeDefined();
  });

  it('names what of Cognito is not here', async () => {
    const system = await shop.start({ template: pools() });

    const response = await fetch(system.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
      body: '{}',
    });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('InitiateAuth is not here');
  });
});
