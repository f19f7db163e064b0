import { arnOf } from './generated-names.ts';
import { dependencyOrder } from './dependency-order.ts';
import type { CreatedResource, ResourceRequest } from './resource-type.ts';
import { dropLeftOverPolicies } from './resource-types/sqs.ts';
import { resourceTypes } from './resource-types.ts';
import type { Resolver } from './resolver.ts';
import type { StackChange, StackRecord } from './stack-record.ts';
import type { StackServices } from './stack-services.ts';
import type { TemplateResource } from './template.ts';
import { TemplateError, UnsupportedFunctionError } from './template-error.ts';
import { isTemplateObject, type TemplateValue } from './template-value.ts';

/** A resource of the template as the local system created it. */
export interface StackResource {
  logicalId: string;
  type: string;
  /** The value of `Ref`. */
  physicalId: string;
}

/** What of the template does not work here. */
export interface UnsupportedResource {
  logicalId: string;
  type: string;
  reason: string;
}

export interface ProvisionedStack {
  /** In the order of their creation. */
  resources: StackResource[];
  unsupported: UnsupportedResource[];
  /** By their names in the template. */
  outputs: Record<string, string>;
  /** What is other than in the run before, with a data folder. */
  changes: StackChange[];
}

/** A resource could not be created; the cause says why. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError';
  readonly logicalId: string;

  constructor(logicalId: string, type: string, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    super(`Resources.${logicalId} (${type}): ${problem}`, { cause });
    this.logicalId = logicalId;
  }
}

/**
 * Creates every resource of the template, each after those that it refers to.
 *
 * @throws TemplateError, ProvisioningError
 */
export async function provisionStack(
  resolver: Resolver,
  services: StackServices,
  record: StackRecord,
): Promise<ProvisionedStack> {
  const { template } = resolver;
  const resources: StackResource[] = [];
  const unsupported: UnsupportedResource[] = [];
  const noteUnresolved = (logicalId: string, type: string): void => {
    for (const { path, reason } of resolver.takeUnresolved()) {
      unsupported.push({ logicalId, type, reason: `${path}: ${reason}` });
    }
  };
  const order = dependencyOrder(template, resolver);
  noteUnresolved('Parameters', 'the template');
  for (const logicalId of order) {
    const definition = template.Resources[logicalId];
    if (!definition) continue;
    const { Type: type } = definition;
    const created = await createOrStandIn(logicalId, definition, { resolver, services, record });
    resolver.setResource(logicalId, created);
    resources.push({ logicalId, type, physicalId: created.ref });
    noteUnresolved(logicalId, type);
    for (const reason of created.shortcomings ?? []) unsupported.push({ logicalId, type, reason });
  }
  await dropLeftOverPolicies(services);
  await record.deleteRemoved(services);
  const outputs = outputsOf(resolver, services);
  noteUnresolved('Outputs', 'the template');
  return { resources, unsupported, outputs, changes: [...record.changes] };
}

interface Provisioning {
  resolver: Resolver;
  services: StackServices;
  record: StackRecord;
}

/** A resource that needs what only AWS can resolve is left out, and named. */
async function createOrStandIn(
  logicalId: string,
  { Type: type, Properties: unresolved, DeletionPolicy: deletionPolicy }: TemplateResource,
  { resolver, services, record }: Provisioning,
): Promise<CreatedResource> {
  const path = `Resources.${logicalId}.Properties`;
  const generatedName = `${services.stack.stackName}-${logicalId}`;
  try {
    const properties = resolver.resolve(unresolved, path);
    if (!isTemplateObject(properties)) throw new TemplateError(path, 'must be an object');
    record.requireUpdatable(logicalId, type, properties);
    const created = await create({ logicalId, type, properties, generatedName }, services);
    record.keep(logicalId, { type, physicalId: created.ref, deletionPolicy }, properties);
    return created;
  } catch (error) {
    if (!(error instanceof UnsupportedFunctionError)) throw error;
    return {
      ...standIn({ logicalId, type, properties: {}, generatedName }, services),
      shortcomings: [`it is left out: ${error.message}`],
    };
  }
}

async function create(request: ResourceRequest, services: StackServices): Promise<CreatedResource> {
  const createResource = resourceTypes.get(request.type);
  if (!createResource) return standIn(request, services);
  try {
    return await createResource(request, services);
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new ProvisioningError(request.logicalId, request.type, error);
  }
}

/** What others see of a resource that does not exist here: names that lead nowhere. */
function standIn(
  { type, generatedName }: ResourceRequest,
  { stack }: StackServices,
): CreatedResource {
  const service = type.split('::')[1]?.toLowerCase() ?? 'unknown';
  const arn = arnOf(stack, service, generatedName);
  return {
    ref: generatedName,
    attributes: {},
    anyAttribute: (name) => (name.endsWith('Arn') ? arn : `${generatedName}.${name}`),
    shortcomings: [`${type} is not emulated here`],
  };
}

function outputsOf(resolver: Resolver, { stack, httpApis }: StackServices): Record<string, string> {
  const outputs: Record<string, string> = {};
  // The address that an HTTP API would have on AWS leads to this machine instead.
  const gateway = new RegExp(
    `https://([a-z0-9]+)\\.execute-api\\.${stack.region}\\.amazonaws\\.com`,
  );
  for (const [name, output] of Object.entries(resolver.template.Outputs)) {
    const path = `Outputs.${name}`;
    if (output.Condition && !resolver.condition(output.Condition, `${path}.Condition`)) continue;
    const value = outputValue(resolver, output.Value, `${path}.Value`);
    if (value === undefined) continue;
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    outputs[name] = text.replace(gateway, (_, apiId: string) => httpApis.addressOf(apiId));
  }
  return outputs;
}

function outputValue(resolver: Resolver, value: TemplateValue, path: string) {
  try {
    return resolver.resolve(value, path);
  } catch (error) {
    if (!(error instanceof UnsupportedFunctionError)) throw error;
    resolver.unresolved(path, 'it is left out');
    return undefined;
  }
}
