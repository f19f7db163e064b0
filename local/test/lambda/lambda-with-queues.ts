import type { LambdaTargets } from '../../lambda/service.ts';
import { SqsService } from '../../sqs/service.ts';
import { LocalLambda } from './local-lambda.ts';

type Options = Omit<NonNullable<ConstructorParameters<typeof LocalLambda>[0]>, 'targets'> & {
  targets?: Omit<LambdaTargets, 'queues'>;
};

export interface LambdaWithQueues {
  lambda: LocalLambda;
  sqs: SqsService;
  close: () => Promise<void>;
}

/** Lambda and SQS in one context, so that functions have queues as sources and destinations. */
export function lambdaWithQueues({ targets, ...options }: Options = {}): LambdaWithQueues {
  // The two services need one context, and Lambda makes it.
  const queues: { service?: SqsService } = {};
  const lambda = new LocalLambda({
    ...options,
    targets: { ...targets, queues: { queueByArn: (arn) => queues.service?.queueByArn(arn) } },
  });
  const sqs = new SqsService(lambda.context, {});
  queues.service = sqs;
  const close = async (): Promise<void> => {
    await lambda.close();
    await sqs.close();
  };
  return { lambda, sqs, close };
}
