import * as z from 'zod';
import { queueDoesNotExist } from '../errors.ts';
import { action, integer, queueOf, required, text, textMap, type Action } from './action.ts';
import { pageOf } from './paging.ts';
import { validateTags } from './tag-actions.ts';

const queueUrl = z.object({ QueueUrl: text });

/** The actions on queues as a whole. */
export const queueActions: Record<string, Action> = {
  CreateQueue: action(
    z.object({ QueueName: text, Attributes: textMap, tags: textMap }),
    ({ QueueName, Attributes, tags }, { registry }) => {
      validateTags(tags);
      const queue = registry.create(required(QueueName, 'QueueName'), Attributes, tags);
      return { QueueUrl: queue.url };
    },
  ),

  GetQueueUrl: action(
    z.object({ QueueName: text, QueueOwnerAWSAccountId: text }),
    ({ QueueName, QueueOwnerAWSAccountId: owner }, { registry, protocol }) => {
      const queue = registry.queueByName(required(QueueName, 'QueueName'));
      const foreign = owner !== undefined && owner !== registry.context.accountId;
      if (!queue || foreign) throw queueDoesNotExist(protocol === 'query');
      return { QueueUrl: queue.url };
    },
  ),

  ListQueues: action(
    z.object({ QueueNamePrefix: text, MaxResults: integer, NextToken: text }),
    ({ QueueNamePrefix: prefix = '', ...paging }, { registry }) => {
      const names = registry.all().map(({ name }) => name);
      const { page, next } = pageOf(
        names.filter((name) => name.startsWith(prefix)),
        paging,
      );
      const urls = page.flatMap((name) => registry.queueByName(name)?.url ?? []);
      return { ...(urls.length === 0 ? {} : { QueueUrls: urls }), ...next };
    },
  ),

  ListDeadLetterSourceQueues: action(
    z.object({ QueueUrl: text, MaxResults: integer, NextToken: text }),
    ({ QueueUrl, ...paging }, call) => {
      const sources = call.registry.sourcesOf(queueOf(QueueUrl, call).arn);
      const { page, next } = pageOf(
        sources.map(({ name }) => name),
        paging,
      );
      const urls = page.flatMap((name) => call.registry.queueByName(name)?.url ?? []);
      return { queueUrls: urls, ...next };
    },
  ),

  DeleteQueue: action(queueUrl, ({ QueueUrl }, call) => {
    call.registry.delete(queueOf(QueueUrl, call));
    return {};
  }),

  PurgeQueue: action(queueUrl, ({ QueueUrl }, call) => {
    queueOf(QueueUrl, call).purge();
    return {};
  }),
};
