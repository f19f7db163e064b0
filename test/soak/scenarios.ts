import type { FaultRequest } from 'template-runtime/system';

/** What goes wrong while orders are placed. */
export interface Scenario {
  name: string;
  what: string;
  /** The faults, for a system with these functions; ended when every order has come to its end. */
  faults: (functions: readonly string[], seed: number) => FaultRequest[];
  /** How often the whole system is killed and started again. */
  kills: number;
  /**
   * How many mails one order may cause: one more for every crash, failed request or lost answer
   * that may fall between sending and confirming it.
   */
  mailsPerOrder: 1 | 2 | 3;
  /** How many messages end in dead-letter queues, and rightly so. */
  deadLetters: number;
  maxReceiveCount: number;
}

/** Functions that have only reads to lose are left alone. */
const WORKERS = /(applyUpdates|emailCustomers|placeOrder|record|screenOrders|shipOrders)/;
const CONSUMERS = /(applyUpdates|record|screenOrders|shipOrders)/;
const READ_QUEUES = [
  'OrderIntakeQueue',
  'OrderUpdatesQueue',
  'FraudQueue',
  'ShippingQueue',
  'AllOrdersQueue',
];
const STANDARD_QUEUES = ['OrderIntakeQueue', 'AllOrdersQueue'];

const plain = {
  faults: (): FaultRequest[] => [],
  kills: 0,
  mailsPerOrder: 1,
  deadLetters: 0,
  maxReceiveCount: 50,
} as const;

const workersOf = (functions: readonly string[]): string[] =>
  functions.filter((name) => WORKERS.test(name));

export const SCENARIOS: readonly Scenario[] = [
  { ...plain, name: 'nothing', what: 'nothing goes wrong' },
  {
    ...plain,
    name: 'killed-system',
    what: 'the whole system is killed (SIGKILL) and started again, twice',
    kills: 2,
    mailsPerOrder: 2,
  },
  {
    ...plain,
    name: 'killed-environments',
    what: '5 % of the AWS requests of functions are their last: before, during or after it',
    mailsPerOrder: 2,
    faults: (functions, seed) =>
      workersOf(functions).flatMap((name) =>
        (['before', 'during', 'after'] as const).map((when, index) => ({
          type: 'kill-environment' as const,
          function: name,
          when,
          call: 1 + ((seed + index) % 3),
          rate: 0.05,
          seed: seed + index,
        })),
      ),
  },
  {
    ...plain,
    name: 'frozen-environments',
    what: '3 % of the first or second AWS requests are never answered, until the function times out',
    mailsPerOrder: 2,
    faults: (functions, seed) =>
      workersOf(functions).map((name, index) => ({
        type: 'freeze-environment' as const,
        function: name,
        when: index % 2 === 0 ? ('before' as const) : ('during' as const),
        call: 1 + (index % 2),
        rate: 0.03,
        seed,
      })),
  },
  {
    ...plain,
    name: 'failing-handlers',
    what: '20 % of the invocations by queues fail, before the handler has run or after',
    faults: (functions, seed) =>
      functions
        .filter((name) => CONSUMERS.test(name))
        .map((name, index) => ({
          type: 'fail-invocations' as const,
          function: name,
          when: index % 2 === 0 ? ('after' as const) : ('before' as const),
          rate: 0.2,
          seed,
        })),
  },
  {
    ...plain,
    name: 'crawling-handlers',
    what: '20 % of the AWS requests of functions take 400 ms longer',
    faults: (functions, seed) =>
      workersOf(functions).map((name) => ({
        type: 'delay-requests' as const,
        function: name,
        ms: 400,
        rate: 0.2,
        seed,
      })),
  },
  {
    ...plain,
    name: 'failing-requests',
    mailsPerOrder: 2,
    what: '20 % of the AWS requests of functions fail with 500, 10 % are throttled',
    faults: (functions, seed) =>
      workersOf(functions).flatMap((name) => [
        { type: 'fail-requests' as const, function: name, rate: 0.2, seed },
        { type: 'throttle-requests' as const, function: name, rate: 0.1, seed: seed + 1 },
      ]),
  },
  {
    ...plain,
    name: 'lost-answers',
    what: '10 % of the AWS requests of functions are carried out and their answers lost',
    mailsPerOrder: 3,
    faults: (functions, seed) =>
      workersOf(functions).map((name) => ({
        type: 'lose-answers' as const,
        function: name,
        rate: 0.1,
        seed,
      })),
  },
  {
    ...plain,
    name: 'doubled-requests',
    what: '30 % of the sends, publishes and writes of functions are carried out twice',
    faults: (functions, seed) =>
      workersOf(functions).flatMap((name) =>
        ['sqs', 'sns', 'dynamodb'].map((service) => ({
          type: 'repeat-requests' as const,
          function: name,
          service,
          rate: 0.3,
          seed,
        })),
      ),
  },
  {
    ...plain,
    name: 'doubled-deliveries',
    what: 'half of the messages of standard queues come twice',
    faults: (_, seed) =>
      STANDARD_QUEUES.map((queue) => ({
        type: 'deliver-twice' as const,
        queue,
        rate: 0.5,
        seed,
      })),
  },
  {
    ...plain,
    name: 'doubled-notifications',
    what: 'half of the notifications that ask for a mail come twice, at the same time',
    faults: (functions, seed) =>
      functions
        .filter((name) => name.endsWith('emailCustomers'))
        .map((name) => ({ type: 'deliver-twice' as const, function: name, rate: 0.5, seed })),
  },
  {
    ...plain,
    name: 'late-deliveries',
    what: '20 % of the messages come a second late, standard queues lose their order',
    faults: (_, seed) => [
      ...READ_QUEUES.map((queue) => ({
        type: 'delay-deliveries' as const,
        queue,
        seconds: 1,
        rate: 0.2,
        seed,
      })),
      ...STANDARD_QUEUES.map((queue) => ({
        type: 'reorder-queue' as const,
        queue,
        rate: 0.2,
        seed,
      })),
    ],
  },
  {
    ...plain,
    name: 'everything',
    what: 'environments are killed, handlers fail, requests fail and messages come twice, all at once',
    mailsPerOrder: 3,
    faults: (functions, seed) => [
      ...workersOf(functions).flatMap((name) => [
        {
          type: 'kill-environment' as const,
          function: name,
          when: 'during' as const,
          rate: 0.03,
          seed,
        },
        { type: 'fail-requests' as const, function: name, rate: 0.1, seed },
      ]),
      ...functions
        .filter((name) => CONSUMERS.test(name))
        .map((name) => ({
          type: 'fail-invocations' as const,
          function: name,
          when: 'after' as const,
          rate: 0.1,
          seed,
        })),
      ...STANDARD_QUEUES.map((queue) => ({
        type: 'deliver-twice' as const,
        queue,
        rate: 0.5,
        seed,
      })),
    ],
  },
  {
    ...plain,
    name: 'poison',
    what: 'three messages that nobody can read stand in every queue',
    maxReceiveCount: 4,
    deadLetters: 3 * READ_QUEUES.length,
    faults: () => READ_QUEUES.map((queue) => ({ type: 'send-poison' as const, queue, count: 3 })),
  },
];
