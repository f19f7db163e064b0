import * as z from 'zod';
import type { EmulatedQueue } from '../emulated-queue.ts';
import { unknownAttribute } from '../errors.ts';
import { isSettableAttribute } from '../queue-attributes.ts';
import { action, queueOf, text, textList, textMap, type Action } from './action.ts';

/** GetQueueAttributes and SetQueueAttributes. */
export const attributeActions: Record<string, Action> = {
  GetQueueAttributes: action(
    z.object({ QueueUrl: text, AttributeNames: textList }),
    ({ QueueUrl, AttributeNames: names }, call) => {
      const queue = queueOf(QueueUrl, call);
      const computed = computedAttributes(queue);
      for (const name of names) {
        const known = name === 'All' || name in computed || isSettableAttribute(name);
        if (!known) throw unknownAttribute(name);
      }
      const attributes = Object.entries({ ...queue.record.attributes, ...computed });
      const wanted = names.includes('All')
        ? attributes
        : attributes.filter(([name]) => names.includes(name));
      return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
    },
  ),

  SetQueueAttributes: action(
    z.object({ QueueUrl: text, Attributes: textMap }),
    ({ QueueUrl, Attributes }, call) => {
      call.registry.setAttributes(queueOf(QueueUrl, call), Attributes);
      return {};
    },
  ),
};

function computedAttributes(queue: EmulatedQueue): Record<string, string> {
  const { ledger, record, arn } = queue;
  ledger.settle();
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(ledger.count('visible')),
    ApproximateNumberOfMessagesNotVisible: String(ledger.count('in-flight')),
    ApproximateNumberOfMessagesDelayed: String(ledger.count('delayed')),
    CreatedTimestamp: String(Math.floor(record.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(record.modifiedAt / 1000)),
  };
}
