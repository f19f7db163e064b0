import type { StackResource } from '../cloudformation/provision-stack.ts';
import type { LambdaService } from '../lambda/service.ts';
import type { SqsService } from '../sqs/service.ts';
import type { FaultTargets } from './faults.ts';

/** What a stack has that faults can be named by. */
export function faultTargets(
  lambda: LambdaService,
  sqs: SqsService,
  resources: () => readonly StackResource[],
): FaultTargets {
  return {
    functionNames: () => lambda.configurations().map(({ functionName }) => functionName),
    queues: () =>
      resources().flatMap(({ type, physicalId: url }) =>
        type === 'AWS::SQS::Queue' ? (sqs.queueByUrl(url) ?? []) : [],
      ),
    nameOf: (given) => {
      const resource = resources().find(({ logicalId }) => logicalId === given);
      // A queue is referred to by its URL, which ends with its name.
      return resource?.physicalId.split('/').at(-1) ?? given;
    },
  };
}
