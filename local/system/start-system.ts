import { availableParallelism } from 'node:os';
import { ActivityStream } from '../activity/activity-stream.ts';
import { nameOfArn, stableId } from '../cloudformation/generated-names.ts';
import { type StackResource, provisionStack } from '../cloudformation/provision-stack.ts';
import { localParametersOf, subjectAttributeOf } from '../cloudformation/local-metadata.ts';
import { Resolver } from '../cloudformation/resolver.ts';
import { parseTemplate, type Template } from '../cloudformation/template.ts';
import { systemClock } from '../clock.ts';
import { DynamoDbService } from '../dynamodb/service.ts';
import type { Caller } from '../endpoint/caller.ts';
import { HttpEndpoint, PortInUseError } from '../endpoint/http-endpoint.ts';
import { EventSourceMappings } from '../event-source-mapping/service.ts';
import { failingFunctions, faultyQueues, repeatedEvents } from '../faults/delivery-faults.ts';
import { faultTargets } from '../faults/fault-targets.ts';
import { Faults } from '../faults/faults.ts';
import { lastingFaults } from '../faults/lasting-faults.ts';
import { RequestFaults } from '../faults/request-faults.ts';
import { HttpApi } from '../http-api/http-api.ts';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import { LambdaService } from '../lambda/service.ts';
import type { LocalContext } from '../local-context.ts';
import { S3Service } from '../s3/service.ts';
import { SesService } from '../ses/service.ts';
import { SnsService } from '../sns/service.ts';
import { SqsService } from '../sqs/service.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { SqliteStorage } from '../storage/sqlite-storage.ts';
import { StsService } from '../sts/service.ts';
import { CleanUp } from './clean-up.ts';
import { lockDataFolder } from './data-folder.ts';
import { localPages } from './local-pages.ts';
import { StackMappings } from './stack-mappings.ts';
import type { System, SystemOptions } from './system.ts';

export type { System, SystemOptions } from './system.ts';

const ACCOUNT_ID = '000000000000';

/**
 * Runs a packaged template on this machine: starts the emulated services behind one endpoint on
 * loopback and creates in them what the template describes.
 *
 * @throws TemplateError, ProvisioningError, PortInUseError, DataFolderInUseError, DataDamagedError;
 *   nothing keeps
 *   running then
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const cleanUp = new CleanUp();
  try {
    return await start(options, cleanUp);
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function start(options: SystemOptions, cleanUp: CleanUp): Promise<System> {
  const template = parseTemplate(options.template);
  const stack = {
    stackName: options.stackName ?? 'local',
    accountId: ACCOUNT_ID,
    region: options.region ?? 'us-east-1',
  };
  const resolver = new Resolver(template, stack, {
    ...localParametersOf(template),
    ...options.parameters,
  });
  const subjectAttribute = subjectAttributeOf(template);
  const { dataDir } = options;
  const onError = unlessClientLeft(options.onError ?? console.error);

  if (dataDir !== undefined) cleanUp.add(lockDataFolder(dataDir));
  const storage =
    dataDir === undefined
      ? memoryStorage()
      : new SqliteStorage(dataDir, { acceptLoss: options.acceptDataLoss, onUnreadable: onError });
  cleanUp.add(() => storage.close());
  const activity = new ActivityStream(systemClock);
  let resourcesNow: readonly StackResource[] = [];
  const context: LocalContext = {
    activity,
    storage,
    clock: systemClock,
    region: stack.region,
    accountId: stack.accountId,
    endpoint: () => endpoint.url,
  };

  // Its thread starts while the other services are made.
  const { acceptDataLoss: acceptLoss } = options;
  const dynamodb = new DynamoDbService(context, { dataDir, acceptLoss, onError });
  cleanUp.add(() => dynamodb.close());
  const dynamodbReady = dynamodb.ready();
  const provisioned = Promise.withResolvers<void>();
  const sqs = new SqsService(context, subjectAttribute);
  cleanUp.add(() => sqs.close());
  const s3 = new S3Service(context, { dataDir });
  const ses = new SesService(context);
  const lambda: LambdaService = new LambdaService(
    context,
    {
      queues: sqs,
      publishToTopic: (topicArn, { body, attributes }, sourceArn) =>
        sns.publish({ topicArn, message: body, attributes }, destinationCaller(sourceArn)),
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
    activity,
    faultTargets(lambda, sqs, () => resourcesNow),
    (fault) => startFault(fault),
  );
  const deployedFunctions = onceProvisioned(lambda, provisioned.promise);
  const targets = { queues: sqs, functions: repeatedEvents(deployedFunctions, faults) };
  const sns: SnsService = new SnsService(context, targets, subjectAttribute);
  cleanUp.add(() => sns.close());
  const functions = failingFunctions(lambda, faults);
  const httpApi = new HttpApi(context, functions, apiIdOf(template, stack));
  const eventSources = { queues: faultyQueues(sqs, faults), functions };
  const mappings = new EventSourceMappings(context, eventSources, { startPaused: true, onError });

  const startFault = lastingFaults({
    dynamodb,
    mappings,
    queueByName: (name) => sqs.queueByName(name),
    endpoint: context.endpoint,
  });
  const interceptor = new RequestFaults(faults, activity, {
    kill: ({ environmentId }) => lambda.endEnvironment(environmentId),
    endpoint: context.endpoint,
  });
  const pages = localPages({ activity, sent: ses, faults });
  const endpoint = new HttpEndpoint({
    services: { sqs, sns, lambda, dynamodb, s3, ses, sts: new StsService(context) },
    localPages: pages.handle,
    // The port is needed before anything can be provisioned; early requests wait for the routes.
    httpApi: async (request, response) => {
      await provisioned.promise;
      await httpApi.handle(request, response);
    },
    apiRules: httpApi,
    interceptor,
    onError,
  });
  cleanUp.add(() => endpoint.close());
  const [port] = await Promise.all([listen(endpoint, options), dynamodbReady]);
  // Before the endpoint: what still runs needs it to end in order.
  cleanUp.add(() => lambda.close());
  cleanUp.add(() => mappings.close());

  const stackMappings = new StackMappings(mappings);
  const { resources, unsupported, outputs } = await provisionStack(resolver, {
    stack,
    endpoint: endpoint.url,
    queues: sqs,
    leftOverPolicies: new Set(),
    topics: sns,
    functions: lambda,
    codeFolder: options.codeFolder,
    // Straight to the thread that answers, past the endpoint that would only forward.
    functionEnvironment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url },
    tables: dynamodb,
    buckets: s3.store,
    emailIdentities: ses.identities,
    httpApi,
    mappings: stackMappings,
    integrations: new Map(),
  });
  resourcesNow = resources;
  await storage.flushed();
  pages.showResources({ resources, unsupported, outputs });
  provisioned.resolve();
  if (options.runEventSources) stackMappings.resumeEnabled();

  const nameOf = (logicalIdOrName: string): string =>
    resources.find(({ logicalId }) => logicalId === logicalIdOrName)?.physicalId ?? logicalIdOrName;
  return {
    url: endpoint.url,
    port,
    dynamoDbUrl: dynamodb.url,
    activity,
    sqs,
    sns,
    lambda,
    httpApi,
    eventSources: mappings,
    emails: ses,
    faults,
    outputs,
    resources,
    unsupported,
    replaceCode: (functionName, folder) => lambda.replaceCode(nameOf(functionName), folder),
    environmentOf: (functionName) => ({
      ...lambda.configurations().find((each) => each.functionName === nameOf(functionName))
        ?.environment,
    }),
    stop: () => cleanUp.run(),
  };
}

async function listen(endpoint: HttpEndpoint, options: SystemOptions): Promise<number> {
  try {
    return await endpoint.listen(options.port);
  } catch (error) {
    if (!(error instanceof PortInUseError) || !options.anyPortIfTaken) throw error;
    return endpoint.listen(0);
  }
}

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

function apiIdOf(template: Template, stack: Parameters<typeof stableId>[0]): { apiId?: string } {
  const api = Object.entries(template.Resources).find(
    ([, { Type: type }]) => type === 'AWS::ApiGatewayV2::Api',
  );
  return api ? { apiId: stableId(stack, api[0], 10) } : {};
}

/** A client that closes its connection while it is served is no failure of ours. */
const unlessClientLeft =
  (onError: (error: unknown) => void) =>
  (error: unknown): void => {
    const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
    if (code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') onError(error);
  };
