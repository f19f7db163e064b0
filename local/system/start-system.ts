import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ActivityStream } from '../activity/activity-stream.ts';
import { nameOfArn } from '../cloudformation/generated-names.ts';
import { type StackResource, provisionStack } from '../cloudformation/provision-stack.ts';
import { localParametersOf, subjectAttributeOf } from '../cloudformation/local-metadata.ts';
import { Resolver } from '../cloudformation/resolver.ts';
import { StackRecord } from '../cloudformation/stack-record.ts';
import { parseTemplate } from '../cloudformation/template.ts';
import { CognitoService } from '../cognito/service.ts';
import { systemClock } from '../clock.ts';
import { DynamoDbService } from '../dynamodb/service.ts';
import type { Caller } from '../endpoint/caller.ts';
import { HttpEndpoint, PortInUseError } from '../endpoint/http-endpoint.ts';
import { EventSourceMappings } from '../event-source-mapping/service.ts';
import { splitTarget } from '../http-api/request-event.ts';
import { HttpApis } from '../http-api/service.ts';
import type { FunctionInvoker } from '../lambda/model/function-invoker.ts';
import { LambdaService } from '../lambda/service.ts';
import type { LocalContext } from '../local-context.ts';
import { S3Service } from '../s3/service.ts';
import type { SentEmails } from '../ses/emails-page.ts';
import { SesService } from '../ses/service.ts';
import { SnsService } from '../sns/service.ts';
import { SqsService } from '../sqs/service.ts';
import { failingFunctions, faultyQueues, repeatedEvents } from '../faults/delivery-faults.ts';
import { faultTargets } from '../faults/fault-targets.ts';
import { Faults } from '../faults/faults.ts';
import { lastingFaults } from '../faults/lasting-faults.ts';
import { RequestFaults } from '../faults/request-faults.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { SqliteStorage } from '../storage/sqlite-storage.ts';
import { StsService } from '../sts/service.ts';
import { CleanUp } from './clean-up.ts';
import { lockDataFolder } from './data-folder.ts';
import { problemsOf } from './health.ts';
import { inlineCode } from './inline-code.ts';
import { localPages } from './local-pages.ts';
import { queuesOfAllRegions, Regional, regionOfArn, Regions } from './regional.ts';
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

  const regions = new Regions(storage);
  const earlierRegions = regions.names();
  // Its thread starts while the other services are made.
  const tables = new Regional(context, regions, (regionalContext) => {
    const { region } = regionalContext;
    const folder =
      region === stack.region || dataDir === undefined ? dataDir : join(dataDir, region);
    const service = new DynamoDbService(regionalContext, {
      dataDir: folder,
      acceptLoss: options.acceptDataLoss,
      onError,
    });
    cleanUp.add(() => service.close());
    return service;
  });
  const dynamodb = tables.ofStack;
  const dynamodbReady = dynamodb.ready();
  const provisioned = Promise.withResolvers<void>();
  const queues = new Regional(context, regions, (regionalContext) => {
    const service = new SqsService(regionalContext, subjectAttribute);
    cleanUp.add(() => service.close());
    return service;
  });
  const sqs = queues.ofStack;
  // Before topics go on with deliveries of an earlier run to them.
  for (const region of earlierRegions) queues.in(region);
  const allQueues = queuesOfAllRegions(queues);
  const s3 = new S3Service(context, { dataDir });
  const mails = new Regional(
    context,
    regions,
    (regionalContext) => new SesService(regionalContext),
  );
  const lambda: LambdaService = new LambdaService(
    context,
    {
      queues: allQueues,
      publishToTopic: (topicArn, { body, attributes }, sourceArn) =>
        topics
          .in(regionOfArn(topicArn) ?? stack.region)
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
    activity,
    faultTargets(lambda, sqs, () => resourcesNow),
    (fault) => startFault(fault),
  );
  const deployedFunctions = onceProvisioned(lambda, provisioned.promise);
  const targets = { queues: allQueues, functions: repeatedEvents(deployedFunctions, faults) };
  const topics: Regional<SnsService> = new Regional(context, regions, (regionalContext) => {
    const service = new SnsService(regionalContext, targets, subjectAttribute);
    cleanUp.add(() => service.close());
    return service;
  });
  const sns = topics.ofStack;
  for (const region of earlierRegions) topics.in(region);
  const ses = mails.ofStack;
  const cognito = new CognitoService(context);
  const functions = failingFunctions(lambda, faults);
  const httpApis = new HttpApis(context, functions, (issuer) =>
    cognito.pools.ofIssuer(issuer)?.keySet(),
  );
  const eventSources = { queues: faultyQueues(allQueues, faults), functions };
  const mappings = new EventSourceMappings(context, eventSources, { startPaused: true, onError });

  const startFault = lastingFaults({
    dynamodb,
    mappings,
    queueByName: (name) => sqs.queueByName(name),
    endpoint: context.endpoint,
  });
  const interceptor = new RequestFaults(faults, activity, {
    kill: ({ functionName, environmentId }) => {
      const environments = lambda.environmentsOf(functionName);
      return environments.find(({ id }) => id === environmentId)?.kill();
    },
    endpoint: context.endpoint,
  });
  const services = {
    sqs: queues,
    sns: topics,
    lambda,
    dynamodb: tables,
    s3,
    ses: mails,
    'cognito-idp': cognito,
    sts: new StsService(context),
  };
  const parts = { ...services, eventSourceMappings: mappings };
  const pages = localPages({
    activity,
    sent: sentFromAnywhere(mails),
    faults,
    answerToken: (url, response) => cognito.answerToken(url, response),
    problems: () => problemsOf(parts),
  });
  const endpoint = new HttpEndpoint({
    services,
    localPages: pages.handle,
    // The port is needed before anything can be provisioned; early requests wait for the routes.
    httpApi: async (request, response) => {
      await provisioned.promise;
      const { path } = splitTarget(request.url ?? '/');
      if (await cognito.answerDocument(path, response)) return;
      await httpApis.handle(request, response);
    },
    apiRules: httpApis,
    interceptor,
    onError,
  });
  cleanUp.add(() => endpoint.close());
  const [port] = await Promise.all([listen(endpoint, options), dynamodbReady]);
  // Before the endpoint: what still runs needs it to end in order.
  cleanUp.add(() => lambda.close());
  cleanUp.add(() => mappings.close());

  const stackMappings = new StackMappings(mappings);
  const stackServices = {
    stack,
    endpoint: endpoint.url,
    queues: sqs,
    leftOverPolicies: new Set<string>(),
    topics: sns,
    functions: lambda,
    codeFolder: options.codeFolder,
    inlineCode: inlineCode(cleanUp),
    // Straight to the thread that answers, past the endpoint that would only forward.
    functionEnvironment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url },
    tables: dynamodb,
    buckets: s3.store,
    emailIdentities: ses.identities,
    httpApis,
    userPools: cognito.pools,
    mappings: stackMappings,
    integrations: new Map(),
    authorizers: new Map(),
  };
  const record = new StackRecord(storage, stackServices);
  const provisionedStack = await provisionStack(resolver, stackServices, record);
  const { resources, unsupported, outputs, changes } = provisionedStack;
  resourcesNow = resources;
  await storage.flushed();
  pages.showResources(provisionedStack);
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
    httpApis,
    eventSources: mappings,
    emails: sentFromAnywhere(mails),
    faults,
    outputs,
    resources,
    unsupported,
    changes,
    replaceCode: (functionName, folder) => lambda.replaceCode(nameOf(functionName), folder),
    environmentOf: (functionName) => ({
      ...lambda.configurations().find((each) => each.functionName === nameOf(functionName))
        ?.environment,
    }),
    issueToken: (request) => cognito.pools.issueToken(request),
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

/** The mails of all regions, oldest first. */
const sentFromAnywhere = (mails: Regional<SesService>): SentEmails => ({
  emails: () =>
    mails
      .instances()
      .flatMap(([, service]) => service.emails())
      .toSorted((left, right) => left.sentAt - right.sentAt),
  email: (messageId) =>
    mails
      .instances()
      .map(([, service]) => service.email(messageId))
      .find(Boolean),
});

/** A client that closes its connection while it is served is no failure of ours. */
const unlessClientLeft =
  (onError: (error: unknown) => void) =>
  (error: unknown): void => {
    const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
    if (code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') onError(error);
  };
