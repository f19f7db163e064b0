import { ActivityStream } from '../activity/activity-stream.ts';
import { type StackResource, provisionStack } from '../cloudformation/provision-stack.ts';
import { Resolver } from '../cloudformation/resolver.ts';
import { StackRecord } from '../cloudformation/stack-record.ts';
import {
  localParametersOf,
  parseTemplate,
  subjectAttributeOf,
} from '../cloudformation/template.ts';
import { systemClock } from '../context/clock.ts';
import type { LocalContext } from '../context/local-context.ts';

import { CleanUp } from './clean-up.ts';
import { openStorage } from './data-folder.ts';
import { inlineCode } from './inline-code.ts';
import { listen, localEndpoint, mailsOfAllRegions, unlessClientLeft } from './local-endpoint.ts';
import { createServices, resourcesGoTo } from './services.ts';
import { StackMappings } from './stack-mappings.ts';
import type { System, SystemOptions } from './system.ts';

export type { System, SystemOptions } from './system.ts';

const ACCOUNT_ID = '000000000000';

/**
 * Runs a packaged template on this machine: starts the emulated services behind one endpoint on
 * loopback and creates in them what the template describes.
 *
 * @throws TemplateError, ProvisioningError, PortInUseError, DataFolderInUseError, DataDamagedError,
 *   StoreIncompleteError; nothing keeps running then
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
  const onError = unlessClientLeft(options.onError ?? console.error);
  const storage = openStorage(options, onError, cleanUp);
  const context: LocalContext = {
    activity: new ActivityStream(systemClock),
    storage,
    clock: systemClock,
    region: stack.region,
    accountId: stack.accountId,
    endpoint: () => endpoint.url,
  };

  const { promise: provisioned, resolve: showProvisioned } = Promise.withResolvers<void>();
  let resources: readonly StackResource[] = [];
  const services = createServices(context, {
    ...options,
    subject: subjectAttributeOf(template),
    resources: () => resources,
    provisioned,
    onError,
    cleanUp,
  });
  const { endpoint, pages } = localEndpoint(context, services, { provisioned, onError });
  cleanUp.add(() => endpoint.close());
  const [port] = await Promise.all([listen(endpoint, options), services.tablesReady]);
  // Before the endpoint: what still runs needs it to end in order.
  cleanUp.add(() => services.lambda.close());
  cleanUp.add(() => services.mappings.close());

  const stackMappings = new StackMappings(services.mappings);
  const stackServices = {
    ...resourcesGoTo(services),
    stack,
    endpoint: endpoint.url,
    codeFolder: options.codeFolder,
    inlineCode: inlineCode(cleanUp),
    mappings: stackMappings,
  };
  const record = new StackRecord(storage, stackServices);
  const provisionedStack = await provisionStack(resolver, stackServices, record);
  resources = provisionedStack.resources;
  await storage.flushed();
  pages.showResources(provisionedStack);
  showProvisioned();
  if (options.runEventSources) stackMappings.resumeEnabled();

  const { lambda, cognito } = services;
  const nameOf = (logicalIdOrName: string): string =>
    resources.find(({ logicalId }) => logicalId === logicalIdOrName)?.physicalId ?? logicalIdOrName;
  return {
    ...provisionedStack,
    url: endpoint.url,
    port,
    dynamoDbUrl: services.tables.ofStack.url,
    activity: context.activity,
    sqs: services.queues.ofStack,
    sns: services.topics.ofStack,
    lambda,
    httpApis: services.httpApis,
    eventSources: services.mappings,
    emails: mailsOfAllRegions(services.mails),
    faults: services.faults,
    replaceCode: (functionName, folder) => lambda.replaceCode(nameOf(functionName), folder),
    environmentOf: (functionName) => ({
      ...lambda.configurations().find((each) => each.functionName === nameOf(functionName))
        ?.environment,
    }),
    issueToken: (request) => cognito.pools.issueToken(request),
    stop: () => cleanUp.run(),
  };
}
