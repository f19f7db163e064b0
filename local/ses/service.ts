import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { parseJson } from '../json/parse-json.ts';
import { AwsError } from '../endpoint/aws-error.ts';
import type { AwsRequest, AwsService } from '../endpoint/aws-request.ts';
import { writeJson } from '../endpoint/json-protocol.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { Collection } from '../storage/storage.ts';
import { addressProblem, type Email, EmailIdentities, emailSchema } from './model.ts';
import { badRequest, notFound } from './errors.ts';
import { readSendEmail } from './requests.ts';

const createIdentityInput = z.object({ EmailIdentity: z.string() });
const verified = (name: string) => ({
  IdentityType: name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
  VerifiedForSendingStatus: true,
  VerificationStatus: 'SUCCESS',
});

/**
 * The part of Amazon SES API v2 that sends mail. Mails are kept, never sent.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html
 */
export class SesService implements AwsService {
  readonly identities: EmailIdentities;
  readonly #context: LocalContext;
  readonly #stored: Collection<Email>;
  readonly #emails = new Map<string, Email>();

  constructor(context: LocalContext) {
    this.#context = context;
    this.identities = new EmailIdentities(context.storage);
    this.#stored = context.storage.collection('ses-emails', (json) => emailSchema.parse(json));
    for (const { key, value } of this.#stored.load()) this.#emails.set(key, value);
  }

  /** Every sent mail, oldest first. */
  emails(): Email[] {
    return [...this.#emails.values()];
  }

  email(messageId: string): Email | undefined {
    return this.#emails.get(messageId);
  }

  async handle(request: AwsRequest, response: ServerResponse): Promise<void> {
    try {
      const answer = this.#answer(request);
      await this.#context.storage.flushed();
      writeJson(response, request, 200, answer);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message, httpStatus } = error;
      writeJson(response, request, httpStatus, { message }, { 'x-amzn-errortype': code });
    }
  }

  #answer(request: AwsRequest): object {
    const { method } = request;
    const [name, ...rest] = request.path.replace(/^\/v2\/email\//, '').split('/');
    const identity = decodeIdentity(rest.join('/'));
    if (method === 'POST' && name === 'outbound-emails') return this.#send(request);
    if (method === 'GET' && name === 'account') return account(this.#emails.size);
    // Older clients list with GET.
    if (name === 'list-identities' || (name === 'identities' && method === 'GET' && !identity)) {
      return this.#listIdentities();
    }
    if (name === 'identities' && method === 'POST') return this.#createIdentity(readJson(request));
    if (name === 'identities' && method === 'GET') return this.#describeIdentity(identity);
    throw notFound(`SES has no ${method} ${request.path} here`);
  }

  #send(request: AwsRequest): object {
    const email = readSendEmail(readJson(request), this.#context.clock.now());
    if (!this.identities.admits(email.from)) {
      const region = this.#context.region.toUpperCase();
      throw new AwsError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${region}: ${email.from}`,
      );
    }
    this.#emails.set(email.messageId, email);
    this.#stored.put(email.messageId, email);
    this.#context.activity.record({
      type: 'email-sent',
      messageId: email.messageId,
      subjectLine: email.subject,
      recipientCount: email.to.length + email.cc.length + email.bcc.length,
      caller: request.caller,
    });
    return { MessageId: email.messageId };
  }

  #createIdentity(json: unknown): object {
    const parsed = createIdentityInput.safeParse(json);
    if (!parsed.success) throw badRequest('EmailIdentity is required');
    const { EmailIdentity: name } = parsed.data;
    const problem = addressProblem(name.includes('@') ? name : `postmaster@${name}`);
    if (problem) throw badRequest(`${problem}: ${JSON.stringify(name)}`);
    if (this.identities.has(name)) {
      throw new AwsError('AlreadyExistsException', `Email identity ${name} already exists.`);
    }
    this.identities.add(name);
    return verified(name);
  }

  #listIdentities(): object {
    const identities = this.identities
      .names()
      .map((name) => ({ ...verified(name), IdentityName: name, SendingEnabled: true }));
    return { EmailIdentities: identities };
  }

  #describeIdentity(name: string): object {
    if (this.identities.has(name)) return verified(name);
    throw notFound(`Email identity ${name} does not exist.`);
  }
}

/** @throws AwsError BadRequestException */
function decodeIdentity(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw badRequest(`The identity in the path is not URL-encoded: ${path}`);
  }
}

function readJson(request: AwsRequest): unknown {
  const json = parseJson(request.body.toString('utf8'));
  if (json === undefined) throw badRequest('The body is not JSON');
  return json;
}

const account = (sentCount: number): object => ({
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  EnforcementStatus: 'HEALTHY',
  SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: sentCount },
});
