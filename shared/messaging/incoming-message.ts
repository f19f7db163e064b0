import type { SQSRecord } from 'aws-lambda';

import { unwrap } from './sns-envelope.ts';

/** A message as a consumer sees it, whichever way it came. */
export interface IncomingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export function incomingMessage(record: SQSRecord): IncomingMessage {
  return unwrap(record.body) ?? { body: record.body, attributes: ownAttributes(record) };
}

function ownAttributes(record: SQSRecord): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [name, { stringValue }] of Object.entries(record.messageAttributes)) {
    if (stringValue !== undefined) attributes[name] = stringValue;
  }
  return attributes;
}
