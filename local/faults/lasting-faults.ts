import { randomUUID } from 'node:crypto';
import type { DynamoDbService } from '../dynamodb/service.ts';
import type { EventSourceMappings } from '../event-source-mapping/service.ts';
import type { Queue } from '../sqs/queue.ts';
import { FaultRefusedError } from './errors.ts';
import type { Fault, FaultOf } from './fault.ts';
import type { FaultStart } from './faults.ts';
import { isRequestFault } from './request-faults.ts';

interface Services {
  dynamodb: Pick<DynamoDbService, 'takeDetour'>;
  mappings: EventSourceMappings;
  queueByName: (name: string) => Queue | undefined;
  endpoint: () => string;
}

/**
 * What faults begin when they are added, and what ends it: requests to DynamoDB come by the endpoint
 * while a fault may strike them, a consumer pauses, poison is sent.
 */
export function lastingFaults({ dynamodb, mappings, queueByName, endpoint }: Services): FaultStart {
  let requestFaults = 0;

  const takeDetour = async (): Promise<() => Promise<void>> => {
    requestFaults += 1;
    if (requestFaults === 1) await dynamodb.takeDetour(endpoint());
    return async () => {
      requestFaults -= 1;
      if (requestFaults === 0) await dynamodb.takeDetour(undefined);
    };
  };

  const pauseConsumer = async (fault: FaultOf<'pause-consumer'>): Promise<() => void> => {
    const paused = mappings
      .descriptions()
      .filter(
        ({ FunctionArn: functionArn, EventSourceArn: queueArn, State: state }) =>
          functionArn.endsWith(`:${fault.function}`) &&
          (fault.queue === undefined || queueArn.endsWith(`:${fault.queue}`)) &&
          state === 'Enabled',
      )
      .map(({ UUID }) => UUID);
    if (paused.length === 0) {
      throw new FaultRefusedError(`${fault.function} receives from no such queue now`);
    }
    await Promise.all(paused.map((uuid) => mappings.pause(uuid)));
    return () => paused.forEach((uuid) => mappings.resume(uuid));
  };

  const sendPoison = async (fault: FaultOf<'send-poison'>): Promise<void> => {
    const queue = queueByName(fault.queue);
    if (!queue) throw new FaultRefusedError(`The queue ${fault.queue} is gone`);
    for (let sent = 0; sent < fault.count; sent += 1) {
      await queue.send(
        {
          body: fault.body,
          ...(queue.fifo
            ? { messageGroupId: fault.group, messageDeduplicationId: randomUUID() }
            : {}),
        },
        { kind: 'caller', caller: { kind: 'client', accessKeyId: 'fault' } },
      );
    }
  };

  return async (fault: Fault) => {
    if (isRequestFault(fault.type)) return takeDetour();
    if (fault.type === 'pause-consumer') return pauseConsumer(fault);
    if (fault.type === 'send-poison') await sendPoison(fault);
    return undefined;
  };
}
