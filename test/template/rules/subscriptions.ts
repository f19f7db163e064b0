import * as z from 'zod';
import type { Template } from 'template-runtime/template';
import { anyValue, queuesOf, resourcesOf, subscriptionsOf, targetOf, topicsOf } from '../model.ts';

const permissionSchema = z.object({
  FunctionName: anyValue,
  Principal: z.string(),
  SourceArn: anyValue.optional(),
});

/**
 * What SNS refuses or fails to deliver to, and a dead-letter queue of the topic's type for every
 * subscription.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
export function subscriptions(template: Template): string[] {
  const topics = topicsOf(template);
  const queues = queuesOf(template);
  return subscriptionsOf(template).flatMap(({ id, properties: subscription }) => {
    const topic = topics.find((each) => each.id === targetOf(subscription.TopicArn));
    if (!topic) return [`${id}: its topic is not in the template`];
    const fifo = topic.properties.FifoTopic;
    const endpoint = targetOf(subscription.Endpoint);
    const findings: string[] = [];
    if (fifo && subscription.Protocol !== 'sqs') {
      findings.push(`${id}: a FIFO topic delivers to queues alone`);
    }
    if (subscription.Protocol === 'sqs') {
      const queue = queues.find((each) => each.id === endpoint);
      if (!queue) findings.push(`${id}: its queue is not in the template`);
      if (queue?.properties.FifoQueue && !fifo) {
        findings.push(`${id}: a standard topic can't deliver to a FIFO queue`);
      }
    }
    if (subscription.Protocol === 'lambda' && !mayInvoke(template, topic.id, endpoint)) {
      findings.push(`${id}: the topic may not invoke the function`);
    }
    const deadLetters = queues.find(
      (each) => each.id === targetOf(subscription.RedrivePolicy?.deadLetterTargetArn),
    );
    if (!deadLetters) findings.push(`${id}: what can't be delivered is lost`);
    else if (deadLetters.properties.FifoQueue !== fifo) {
      findings.push(`${id}: ${deadLetters.id} is of another type than the topic`);
    }
    return findings;
  });
}

function mayInvoke(template: Template, topicId: string, functionId: string | undefined): boolean {
  return resourcesOf(template, 'AWS::Lambda::Permission', permissionSchema).some(
    ({ properties }) =>
      properties.Principal === 'sns.amazonaws.com' &&
      targetOf(properties.FunctionName) === functionId &&
      targetOf(properties.SourceArn) === topicId,
  );
}

const ORDER_STATES = ['Placed', 'Approved', 'Declined', 'Cancelled', 'Shipped'];
const stateFilter = z.strictObject({ State: z.array(z.enum(ORDER_STATES)).min(1) });

/** Every filter looks at the attribute State and names states that orders have, each once. */
export function stateFilters(template: Template): string[] {
  return subscriptionsOf(template).flatMap(({ id, properties: subscription }) => {
    if (!subscription.FilterPolicy) return [];
    if (subscription.FilterPolicyScope !== 'MessageAttributes') {
      return [`${id}: filters on the body, where no attribute is`];
    }
    const filter = stateFilter.safeParse(subscription.FilterPolicy);
    if (!filter.success) return [`${id}: filters on something that is no state of an order`];
    const { State: states } = filter.data;
    return new Set(states).size === states.length ? [] : [`${id}: names a state twice`];
  });
}
