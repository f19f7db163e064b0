import { receiptHandleIsInvalid } from './errors.ts';

/** What a receipt handle stands for: one receive of one message of one queue. */
export interface Receipt {
  queueName: string;
  messageId: string;
  /** The message's ApproximateReceiveCount at that receive. */
  receiveCount: number;
}

const RECEIPT = /^([\w.-]+) ([0-9a-f-]{36}) (\d+)$/;

export const encodeReceiptHandle = ({ queueName, messageId, receiveCount }: Receipt): string =>
  Buffer.from(`${queueName} ${messageId} ${receiveCount}`).toString('base64');

/** @throws AwsError ReceiptHandleIsInvalid when it is none, or one of another queue */
export function decodeReceiptHandle(handle: string, queueName: string): Receipt {
  const match = RECEIPT.exec(Buffer.from(handle, 'base64').toString('latin1'));
  const [, itsQueue, messageId, receiveCount] = match ?? [];
  if (messageId === undefined || itsQueue !== queueName) throw receiptHandleIsInvalid(handle);
  return { queueName, messageId, receiveCount: Number(receiveCount) };
}
