import type { ServerResponse } from 'node:http';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import type { Caller } from '../endpoint/caller.ts';
import { parseQuery, queryString, writeXml, writeXmlError } from '../endpoint/query-protocol.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * AWS STS, as far as tools use it to learn which account they talk to: GetCallerIdentity.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export class StsService implements AwsService {
  readonly #accountId: string;

  constructor({ accountId }: { accountId: string }) {
    this.#accountId = accountId;
  }

  handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    const action = queryString(parseQuery(request), 'Action') ?? '';
    if (action === 'GetCallerIdentity') {
      const result = this.#identityOf(request.caller);
      writeXml(response, request, { action, namespace: NAMESPACE, result });
    } else {
      const refusal = new AwsError(
        'InvalidAction',
        `Could not find operation ${action}; the local STS has GetCallerIdentity alone`,
      );
      writeXmlError(response, request, refusal, { namespace: NAMESPACE });
    }
    return Promise.resolve();
  }

  /** Functions run in the session of a role; everybody else is the account's root user. */
  #identityOf(caller: Caller): object {
    const account = this.#accountId;
    return caller.kind === 'function'
      ? {
          Arn: `arn:aws:sts::${account}:assumed-role/${caller.functionName}/${caller.functionName}`,
          UserId: `${caller.environmentId}:${caller.functionName}`,
          Account: account,
        }
      : { Arn: `arn:aws:iam::${account}:root`, UserId: account, Account: account };
  }
}
