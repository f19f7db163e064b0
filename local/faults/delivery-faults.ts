import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import type { Queue, QueueDirectory, ReceivedMessage } from '../sqs/queue.ts';
import type { Faults } from './faults.ts';

const REORDERED_SECONDS = 1;

/** The queues as event source mappings see them: what they receive may be struck. */
export function faultyQueues<T extends QueueDirectory>(directory: T, faults: Faults): T {
  return overriding(directory, {
    queueByArn: (arn: string): Queue | undefined => {
      const queue = directory.queueByArn(arn);
      if (!queue) return undefined;
      const receive: Queue['receive'] = async (options) =>
        struck(queue, await queue.receive(options), faults);
      return overriding(queue, { receive });
    },
  });
}

/** Functions as queues and the HTTP API invoke them. */
export function failingFunctions<T extends FunctionInvoker>(functions: T, faults: Faults): T {
  const invoke: FunctionInvoker['invoke'] = async (invocation) => {
    const { functionName } = invocation;
    const active = faults
      .active('fail-invocations')
      .find(({ fault }) => fault.function === functionName);
    const when = active?.fault.when;
    const what = `the invocation fails ${when} the handler`;
    if (!active || !faults.strikes(active, { what, functionName })) {
      return functions.invoke(invocation);
    }
    const { requestId } =
      when === 'after' ? await functions.invoke(invocation) : { requestId: crypto.randomUUID() };
    return {
      requestId,
      statusCode: 200,
      functionError: 'Unhandled',
      payload: JSON.stringify({
        errorType: 'Error',
        errorMessage: `The fault ${active.id} struck`,
      }),
      logs: [],
    };
  };
  return overriding(functions, { invoke });
}

/** Functions as topics invoke them: an event may come twice. */
export function repeatedEvents<T extends FunctionInvoker>(functions: T, faults: Faults): T {
  const invokeAsync: FunctionInvoker['invokeAsync'] = async (invocation) => {
    const { functionName } = invocation;
    const active = faults
      .active('deliver-twice')
      .find(({ fault }) => fault.function === functionName);
    if (active && faults.strikes(active, { what: 'an event comes twice', functionName })) {
      await functions.invokeAsync(invocation);
    }
    return functions.invokeAsync(invocation);
  };
  return overriding(functions, { invokeAsync });
}

/** Each message is struck once at most, at its first delivery: it has to come through in the end. */
async function struck(
  queue: Queue,
  messages: ReceivedMessage[],
  faults: Faults,
): Promise<ReceivedMessage[]> {
  const { name } = queue;
  const late = [
    ...faults.active('delay-deliveries').map((active) => {
      const { seconds } = active.fault;
      return { active, seconds, what: `a message comes ${seconds} s later` };
    }),
    ...faults.active('reorder-queue').map((active) => {
      return { active, seconds: REORDERED_SECONDS, what: 'a message comes after later ones' };
    }),
  ].filter(({ active }) => active.fault.queue === name);
  const doubled = faults.active('deliver-twice').filter(({ fault }) => fault.queue === name);
  if (late.length + doubled.length === 0) return messages;

  const delivered: ReceivedMessage[] = [];
  for (const message of messages) {
    const first = message.systemAttributes['ApproximateReceiveCount'] === '1';
    const told = message.subject === undefined ? {} : { subject: message.subject };
    const holding = first
      ? late.find(({ active, what }) => faults.strikes(active, { what, queue: name, ...told }))
      : undefined;
    if (holding) {
      await queue.changeVisibility(message.receiptHandle, holding.seconds);
      continue;
    }
    delivered.push(message);
    const what = 'a message comes twice';
    if (first && doubled.some((active) => faults.strikes(active, { what, queue: name, ...told }))) {
      await queue.changeVisibility(message.receiptHandle, 0);
    }
  }
  const reorders = late.some(({ active }) => active.fault.type === 'reorder-queue');
  return reorders ? delivered.toReversed() : delivered;
}

/** The same object with some of its methods replaced, whatever else it can do. */
function overriding<T extends object>(target: T, methods: object): T {
  return new Proxy(target, {
    get(object, property) {
      const replaced: unknown = Reflect.get(methods, property);
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(object, property, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}
