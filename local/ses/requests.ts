import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { badRequest } from './errors.ts';
import { addressProblem, type Email } from './model.ts';

/** Recipients in To, Cc and Bcc together. */
const MAX_RECIPIENTS = 50;

const part = z.object({ Data: z.string(), Charset: z.string().optional() });
const addresses = z.array(z.string()).default([]);
const sendEmailInput = z.object({
  FromEmailAddress: z.string().optional(),
  Destination: z
    .object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })
    .default({ ToAddresses: [], CcAddresses: [], BccAddresses: [] }),
  ReplyToAddresses: addresses,
  Content: z.object({
    Simple: z
      .object({
        Subject: part,
        Body: z.object({ Text: part.optional(), Html: part.optional() }),
        Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
      })
      .optional(),
    Raw: z.object({ Data: z.base64() }).optional(),
    Template: z.unknown().optional(),
  }),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});

/**
 * Reads the body of SendEmail.
 *
 * @throws AwsError BadRequestException
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function readSendEmail(json: unknown, sentAt: number): Email {
  const parsed = sendEmailInput.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badRequest(`${issue?.path.map(String).join('.')}: ${issue?.message}`);
  }
  const { Content: content } = parsed.data;
  const kinds = [content.Simple, content.Raw, content.Template].filter(Boolean).length;
  if (kinds !== 1) throw badRequest('Content must have exactly one of Simple, Raw and Template');
  if (content.Template) throw badRequest('Templates are not emulated here; send Simple or Raw');
  const email = content.Raw
    ? rawEmail(parsed.data, content.Raw.Data, sentAt)
    : simpleEmail(parsed.data, sentAt);
  checkAddresses(email);
  return email;
}

type SendEmailInput = z.infer<typeof sendEmailInput>;

const tagsOf = ({ EmailTags: tags }: SendEmailInput): Email['tags'] =>
  tags.map(({ Name: name, Value: value }) => ({ name, value }));

function simpleEmail(input: SendEmailInput, sentAt: number): Email {
  const simple = input.Content.Simple;
  if (!simple?.Body.Html && !simple?.Body.Text) throw badRequest('Body must have Html or Text');
  return {
    messageId: newMessageId(sentAt),
    sentAt,
    from: input.FromEmailAddress ?? '',
    to: input.Destination.ToAddresses,
    cc: input.Destination.CcAddresses,
    bcc: input.Destination.BccAddresses,
    replyTo: input.ReplyToAddresses,
    subject: simple.Subject.Data,
    ...(simple.Body.Html && { html: simple.Body.Html.Data }),
    ...(simple.Body.Text && { text: simple.Body.Text.Data }),
    headers: simple.Headers.map(({ Name: name, Value: value }) => ({ name, value })),
    tags: tagsOf(input),
  };
}

function rawEmail(input: SendEmailInput, data: string, sentAt: number): Email {
  const raw = Buffer.from(data, 'base64').toString('utf8');
  const header = readRawHeader(raw);
  const { ToAddresses: to, CcAddresses: cc, BccAddresses: bcc } = input.Destination;
  // A destination beside the message overrides its header fields.
  const recipients = to.length + cc.length + bcc.length > 0 ? { to, cc, bcc } : header;
  return {
    messageId: newMessageId(sentAt),
    sentAt,
    from: input.FromEmailAddress ?? header.from ?? '',
    to: recipients.to,
    cc: recipients.cc,
    bcc: recipients.bcc,
    replyTo: input.ReplyToAddresses,
    subject: header.subject,
    headers: header.headers,
    raw,
    tags: tagsOf(input),
  };
}

function checkAddresses(email: Email): void {
  if (email.from === '') throw badRequest("Missing required header 'From'.");
  const recipients = [...email.to, ...email.cc, ...email.bcc];
  if (recipients.length === 0) throw badRequest('Destination must have at least one address');
  if (recipients.length > MAX_RECIPIENTS) {
    throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
  }
  for (const mailbox of [email.from, ...recipients, ...email.replyTo]) {
    const problem = addressProblem(mailbox);
    if (problem) throw badRequest(`${problem}: ${JSON.stringify(mailbox)}`);
  }
}

/** An id of the form that SES gives: time in hexadecimal, a UUID, a counter. */
const newMessageId = (sentAt: number): string =>
  `${sentAt.toString(16).padStart(16, '0')}-${randomUUID()}-000000`;

/** What is read of a raw message's header (RFC 5322, section 2.2); its body is kept as it came. */
export interface RawHeader {
  from: string | undefined;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  headers: Email['headers'];
}

export function readRawHeader(raw: string): RawHeader {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : [];
    });
  const value = (name: string): string | undefined =>
    headers.find((header) => header.name.toLowerCase() === name)?.value;
  const mailboxes = (name: string): string[] =>
    (value(name) ?? '')
      .split(',')
      .map((mailbox) => mailbox.trim())
      .filter((mailbox) => mailbox !== '');
  return {
    from: value('from'),
    to: mailboxes('to'),
    cc: mailboxes('cc'),
    bcc: mailboxes('bcc'),
    subject: value('subject') ?? '',
    headers,
  };
}
