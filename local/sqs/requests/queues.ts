import * as z from 'zod';
import { invalidParameter, invalidValue, queueDoesNotExist } from '../errors.ts';
import { action, type Action, integer, queueOf, required, text, textMap } from './action.ts';
import { validateTags } from './attributes.ts';

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

const LARGEST_PAGE = 1_000;

/**
 * One page of a sorted list of names. A token is handed out only to callers that ask for pages.
 *
 * @throws AwsError InvalidParameterValue
 */
export function pageOf(
  names: string[],
  {
    MaxResults: size,
    NextToken: token,
  }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { page: string[]; next: { NextToken?: string } } {
  if (size !== undefined && (size < 1 || size > LARGEST_PAGE)) {
    throw invalidValue(
      size,
      'MaxResults',
      `MaxResults must be an integer between 1 and ${LARGEST_PAGE}`,
    );
  }
  if (token !== undefined && size === undefined) {
    throw invalidParameter(
      'MaxResults is a mandatory parameter when you provide a value for NextToken.',
    );
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString('utf8');
  const left = names.filter((name) => name > after);
  const page = left.slice(0, size ?? LARGEST_PAGE);
  const last = page.at(-1);
  const more = size !== undefined && last !== undefined && left.length > page.length;
  return { page, next: more ? { NextToken: Buffer.from(last).toString('base64') } : {} };
}
