import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml, page } from '../system/page.ts';
import type { Email } from './model.ts';

/** The sent mails as the page reads them. */
export interface SentEmails {
  emails(): Email[];
  email(messageId: string): Email | undefined;
}

/**
 * Answers `/_local/emails` (a list, newest first and grouped by the mails' tags; JSON for who accepts only that) and `/_local/emails/<message id>`. A
 * mail's HTML is shown in a frame that runs no script and reaches nothing.
 */
export function answerEmails(
  sent: SentEmails,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const messageId = decodeMessageId(pathname.replace(/^\/_local\/emails\/?/, ''));
  if (messageId === undefined) {
    sendPage(response, 400, page('Bad request', '<p>The id in the path is not URL-encoded.</p>'));
    return;
  }
  const wantsJson = request.headers.accept?.startsWith('application/json') === true;
  if (messageId === '') {
    if (wantsJson) sendJson(response, sent.emails());
    else sendPage(response, 200, listPage(sent.emails()));
    return;
  }
  const email = sent.email(messageId);
  if (!email) sendPage(response, 404, page('No such mail', '<p>There is no mail of that id.</p>'));
  else if (wantsJson) sendJson(response, email);
  else sendPage(response, 200, emailPage(email));
}

function decodeMessageId(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; img-src data:",
  });
  response.end(html);
}

function listPage(emails: Email[]): string {
  if (emails.length === 0) return page('Sent mails', '<p>No mail was sent yet.</p>');
  const groups = Map.groupBy(emails.toReversed(), tagLine);
  const bodies = [...groups].map(([tags, mails]) => {
    const heading = groups.size > 1 ? `<tr><th colspan="3">${escapeHtml(tags)}</th></tr>` : '';
    return `<tbody>${heading}${mails.map(listRow).join('\n')}</tbody>`;
  });
  return page(
    'Sent mails',
    `<table><tr><th>Sent</th><th>To</th><th>Subject</th></tr>${bodies.join('\n')}</table>`,
  );
}

/** Mails with the same tags belong together: `order=ORD-1`. */
const tagLine = ({ tags }: Email): string =>
  tags.map(({ name, value }) => `${name}=${value}`).join(', ') || 'Without tags';

const listRow = (email: Email): string => `<tr><td>${new Date(email.sentAt).toISOString()}</td>
  <td>${escapeHtml(email.to.join(', '))}</td>
  <td><a href="/_local/emails/${encodeURIComponent(email.messageId)}">${escapeHtml(email.subject || '(no subject)')}</a></td></tr>`;

function emailPage(email: Email): string {
  const fields: [string, string][] = [
    ['Sent', new Date(email.sentAt).toISOString()],
    ['From', email.from],
    ['To', email.to.join(', ')],
    ['Cc', email.cc.join(', ')],
    ['Bcc', email.bcc.join(', ')],
    ['Reply-To', email.replyTo.join(', ')],
    ['Message id', email.messageId],
    ['Tags', email.tags.length === 0 ? '' : tagLine(email)],
    ...email.headers.map(({ name, value }): [string, string] => [name, value]),
  ];
  const rows = fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`);
  return page(
    email.subject || '(no subject)',
    [
      `<p><a href="/_local/emails">All mails</a></p><table>${rows.join('\n')}</table>`,
      email.html === undefined
        ? ''
        : `<h2>HTML</h2><iframe sandbox="" title="The mail's HTML" srcdoc="${escapeHtml(email.html)}"></iframe>`,
      email.text === undefined ? '' : `<h2>Text</h2><pre>${escapeHtml(email.text)}</pre>`,
      email.raw === undefined ? '' : `<h2>Raw</h2><pre>${escapeHtml(email.raw)}</pre>`,
    ].join('\n'),
  );
}
