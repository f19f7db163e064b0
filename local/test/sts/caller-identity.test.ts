import { afterEach, describe, expect, it } from '@jest/globals';
import { accessKeyIdOf } from '../../endpoint/caller.ts';
import { HttpEndpoint } from '../../endpoint/http-endpoint.ts';
import { StsService } from '../../sts/service.ts';

const open: HttpEndpoint[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((endpoint) => endpoint.close()));
});

/** Asks as the AWS CLI does: in the query protocol. */
async function ask(action: string, accessKeyId: string): Promise<{ status: number; xml: string }> {
  const endpoint = new HttpEndpoint({
    services: { sts: new StsService({ accountId: '000000000000' }) },
    localPages: () => Promise.resolve(),
    httpApi: () => Promise.resolve(),
    onError: (error) => {
      throw error;
    },
  });
  open.push(endpoint);
  await endpoint.listen(0);
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: `Action=${action}&Version=2011-06-15`,
  });
  return { status: response.status, xml: await response.text() };
}

describe('AWS STS', () => {
  it('tells a client its account', async () => {
    const { status, xml } = await ask('GetCallerIdentity', 'test');

    expect(status).toBe(200);
    expect(xml).toContain('<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:root</Arn>');
    expect(xml).toContain('<Account>000000000000</Account>');
  });

  it('tells a function that it runs in the session of a role', async () => {
    const { xml } = await ask('GetCallerIdentity', accessKeyIdOf('placeOrder', 'env1'));

    expect(xml).toContain('arn:aws:sts::000000000000:assumed-role/placeOrder/placeOrder');
  });

  it('names what it does not do', async () => {
    const { status, xml } = await ask('AssumeRole', 'test');

    expect(status).toBe(400);
    expect(xml).toContain('<Code>InvalidAction</Code>');
  });
});
