import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import { jsonAction, writeJsonError } from '../endpoint/json-protocol.ts';
import type { LocalContext } from '../context/local-context.ts';
import { UserPoolNotFoundError, UserPools } from './model.ts';

const NAMESPACE = 'com.amazonaws.cognitoidentityprovider';
const WELL_KNOWN = /^\/([\w-]+_[0-9A-Za-z]+)\/\.well-known\/(jwks\.json|openid-configuration)$/;
const TOKEN_PAGE = /^\/_local(?:\/users\/([\w-]+_[0-9A-Za-z]+))?\/token$/;

const tokenQuery = z.strictObject({
  sub: z.string().min(1).max(128),
  email: z.email().optional(),
  email_verified: z.stringbool().optional(),
  name: z.string().max(2048).optional(),
  groups: z.string().optional(),
  scope: z.string().optional(),
  client_id: z.string().optional(),
  expires_in: z.coerce.number().int().min(-86_400).max(86_400).optional(),
  token_use: z.enum(['id', 'access']).optional(),
});

/**
 * The part of Amazon Cognito that an API needs to know its callers: user pools as issuers of
 * tokens. There are no users and passwords, so that no operation of the service's API is here.
 */
export class CognitoService implements AwsService {
  readonly pools: UserPools;

  constructor(context: LocalContext) {
    this.pools = new UserPools(context);
  }

  handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    const error = new AwsError(
      'UnknownOperationException',
      `${jsonAction(request)} is not here: user pools have no users on this machine. GET /_local/token?sub=… issues tokens.`,
    );
    writeJsonError(response, request, error, NAMESPACE);
    return Promise.resolve();
  }

  /**
   * Answers the discovery document and the key set of a pool, at the pool's path.
   *
   * @returns false for any other path, which is left unanswered
   */
  async answerDocument(path: string, response: ServerResponse): Promise<boolean> {
    const [, poolId = '', document] = WELL_KNOWN.exec(path) ?? [];
    const pool = this.pools.find(poolId);
    if (!pool) return false;
    const { issuer } = pool;
    sendJson(
      response,
      200,
      document === 'jwks.json'
        ? await pool.keySet()
        : {
            issuer,
            jwks_uri: `${issuer}/.well-known/jwks.json`,
            id_token_signing_alg_values_supported: ['RS256'],
            response_types_supported: ['code', 'token'],
            scopes_supported: ['openid', 'email', 'phone', 'profile'],
            subject_types_supported: ['public'],
          },
    );
    return true;
  }

  /**
   * Answers `/_local/token?sub=…` and `/_local/users/<pool>/token?sub=…`: both tokens as JSON, or
   * one of them as bare text with `token_use=id` or `token_use=access`.
   *
   * @returns false for any other path, which is left unanswered
   */
  async answerToken(url: URL, response: ServerResponse): Promise<boolean> {
    const match = TOKEN_PAGE.exec(url.pathname);
    if (!match) return false;
    const query = tokenQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) {
      const message = query.error.issues
        .map(({ path, message: problem }) => [...path.map(String), problem].join(': '))
        .join('; ');
      sendJson(response, 400, { message });
      return true;
    }
    const { data } = query;
    try {
      const { idToken, accessToken, expiresInSeconds } = await this.pools.issueToken({
        sub: data.sub,
        ...(match[1] === undefined ? {} : { poolId: match[1] }),
        ...(data.email === undefined ? {} : { email: data.email }),
        ...(data.email_verified === undefined ? {} : { emailVerified: data.email_verified }),
        ...(data.name === undefined ? {} : { name: data.name }),
        ...(data.groups === undefined ? {} : { groups: words(data.groups) }),
        ...(data.scope === undefined ? {} : { scopes: words(data.scope) }),
        ...(data.client_id === undefined ? {} : { clientId: data.client_id }),
        ...(data.expires_in === undefined ? {} : { expiresInSeconds: data.expires_in }),
      });
      if (data.token_use === undefined) {
        sendJson(response, 200, {
          id_token: idToken,
          access_token: accessToken,
          token_type: 'Bearer',
          expires_in: expiresInSeconds,
        });
      } else {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end(data.token_use === 'id' ? idToken : accessToken);
      }
    } catch (error) {
      if (!(error instanceof UserPoolNotFoundError)) throw error;
      sendJson(response, 404, { message: error.message });
    }
    return true;
  }
}

const words = (text: string): string[] => text.split(/[ ,]+/).filter(Boolean);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
