import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nameOfArn } from '../cloudformation/generated-names.ts';
import type { StackResource } from '../cloudformation/provision-stack.ts';
import type { StackServices } from '../cloudformation/stack-services.ts';
import { CognitoService } from '../cognito/service.ts';
import type { LocalContext } from '../context/local-context.ts';
import { DynamoDbService } from '../dynamodb/service.ts';
import type { Caller } from '../endpoint/caller.ts';
import { EventSourceMappings } from '../event-source-mapping/service.ts';
import { failingFunctions, faultyQueues, repeatedEvents } from '../faults/delivery-faults.ts';
import { faultTargets } from '../faults/fault-targets.ts';
import { Faults } from '../faults/faults.ts';
import { lastingFaults } from '../faults/lasting-faults.ts';
import { HttpApis } from '../http-api/service.ts';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import { LambdaService } from '../lambda/service.ts';
import { S3Service } from '../s3/service.ts';
import { SesService } from '../ses/service.ts';
import { SnsService } from '../sns/service.ts';
import { SqsService } from '../sqs/service.ts';
import type { CleanUp } from './clean-up.ts';
import { queuesOfAllRegions, Regional, regionOfArn, Regions } from './regional.ts';
import type { SystemOptions } from './system.ts';

export interface ServicesOptions extends Pick<
  SystemOptions,
  | 'dataDir'
  | 'acceptDataLoss'
  | 'concurrencyPerFunction'
  | 'compileCacheFolder'
  | 'retryDelaySeconds'
> {
  /** Which message attribute tells what a message is about. */
  subject: { subjectAttribute?: string };
  /** The stack's resources as far as they are made. */
  resources: () => readonly StackResource[];
  /** Settled when the stack stands. */
  provisioned: Promise<void>;
  onError: (error: unknown) => void;
  cleanUp: CleanUp;
}

export type Services = ReturnType<typeof createServices>;

/**
 * Makes every emulated service and ties them together: topics reach queues and functions, functions
 * their destinations, mappings queues and functions, and faults stand in between. Functions and
 * mappings are closed by the caller, while the endpoint still answers.
 */
export function createServices(context: LocalContext, options: ServicesOptions) {
  const { subject, onError, cleanUp } = options;
  const regions = new Regions(context.storage);
  const earlierRegions = regions.names();

  // Its thread starts while the other services are made.
  const tables = regionalTables(context, regions, options);
  const tablesReady = tables.ofStack.ready();

  const queues = new Regional(context, regions, (regionalContext) => {
    const service = new SqsService(regionalContext, subject);
    cleanUp.add(() => service.close());
    return service;
  });
  const sqs = queues.ofStack;
  // Before topics go on with deliveries of an earlier run to them.
  for (const region of earlierRegions) queues.in(region);
  const allQueues = queuesOfAllRegions(queues);

  const lambda: LambdaService = new LambdaService(
    context,
    {
      queues: allQueues,
      publishToTopic: (topicArn, { body, attributes }, sourceArn) =>
        topics
          .in(regionOfArn(topicArn) ?? context.region)
          .publish({ topicArn, message: body, attributes }, destinationCaller(sourceArn)),
      eventSourceMappings: () => mappings.descriptions(),
    },
    {
      concurrencyPerFunction: options.concurrencyPerFunction ?? Math.max(2, availableParallelism()),
      compileCacheFolder: options.compileCacheFolder,
      ...(options.retryDelaySeconds ? { retryDelaySeconds: options.retryDelaySeconds } : {}),
      onError,
    },
  );
  const faults: Faults = new Faults(
    context.activity,
    faultTargets(lambda, sqs, options.resources),
    (fault) => startFault(fault),
  );
  const functions = failingFunctions(lambda, faults);

  const topicTargets = {
    queues: allQueues,
    functions: repeatedEvents(onceProvisioned(lambda, options.provisioned), faults),
  };
  const topics: Regional<SnsService> = new Regional(context, regions, (regionalContext) => {
    const service = new SnsService(regionalContext, topicTargets, subject);
    cleanUp.add(() => service.close());
    return service;
  });
  for (const region of earlierRegions) topics.in(region);

  const mappings = new EventSourceMappings(
    context,
    { queues: faultyQueues(allQueues, faults), functions },
    { startPaused: true, onError },
  );
  const startFault = lastingFaults({
    dynamodb: tables.ofStack,
    mappings,
    queueByName: (name) => sqs.queueByName(name),
    endpoint: context.endpoint,
  });

  const cognito = new CognitoService(context);
  return {
    tables,
    /** Resolves when the tables of the stack's region can be used. */
    tablesReady,
    queues,
    topics,
    mails: new Regional(context, regions, (regionalContext) => new SesService(regionalContext)),
    s3: new S3Service(context, { dataDir: options.dataDir }),
    lambda,
    mappings,
    cognito,
    httpApis: new HttpApis(context, functions, (issuer) =>
      cognito.pools.ofIssuer(issuer)?.keySet(),
    ),
    faults,
  };
}

/** Where the resources of a template are made. */
export const resourcesGoTo = (services: Services) =>
  ({
    queues: services.queues.ofStack,
    leftOverPolicies: new Set<string>(),
    topics: services.topics.ofStack,
    functions: services.lambda,
    // Straight to the thread that answers, past the endpoint that would only forward.
    functionEnvironment: { AWS_ENDPOINT_URL_DYNAMODB: services.tables.ofStack.url },
    tables: services.tables.ofStack,
    buckets: services.s3.store,
    emailIdentities: services.mails.ofStack.identities,
    httpApis: services.httpApis,
    userPools: services.cognito.pools,
    integrations: new Map(),
    authorizers: new Map(),
  }) satisfies Partial<StackServices>;

/** Tables of the stack's region are stored in the data folder, those of others below it. */
const regionalTables = (
  context: LocalContext,
  regions: Regions,
  { dataDir, acceptDataLoss, onError, cleanUp }: ServicesOptions,
): Regional<DynamoDbService> =>
  new Regional(context, regions, (regionalContext) => {
    const { region } = regionalContext;
    const service = new DynamoDbService(regionalContext, {
      dataDir: region === context.region || dataDir === undefined ? dataDir : join(dataDir, region),
      acceptLoss: acceptDataLoss,
      onError,
    });
    cleanUp.add(() => service.close());
    return service;
  });

/** A topic may go on with deliveries of an earlier run before its functions exist again. */
const onceProvisioned = (lambda: LambdaService, provisioned: Promise<void>): FunctionInvoker => ({
  functionExists: (functionName) => lambda.functionExists(functionName),
  invoke: async (invocation) => {
    await provisioned;
    return lambda.invoke(invocation);
  },
  invokeAsync: async (invocation) => {
    await provisioned;
    return lambda.invokeAsync(invocation);
  },
});

/** Lambda itself publishes what it hands to a destination, in the name of the function. */
const destinationCaller = (arn: string): Caller => ({
  kind: 'function',
  functionName: nameOfArn(arn),
  environmentId: 'destination',
});
