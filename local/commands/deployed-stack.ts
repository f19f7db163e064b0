import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';
import * as z from 'zod';
import { findRunning } from './running-system.ts';

/** One resource of a stack; a queue's physical id is its URL, a topic's its ARN. */
export interface DeployedResource {
  logicalId: string;
  type: string;
  physicalId: string;
}

/** A stack that runs, on AWS or here, and how the clients of the SDK reach it. */
export interface DeployedStack {
  resources: readonly DeployedResource[];
  clientSettings: ClientSettings;
}

/** Empty on AWS: the region and the credentials of the environment. */
export interface ClientSettings {
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** There is no such stack to work on; the message says what would help. */
export class StackNotFoundError extends Error {
  override readonly name = 'StackNotFoundError';
}

/** The options by which a command is told which stack is meant. */
export const stackOptions = {
  aws: { type: 'boolean', default: false },
  stage: { type: 'string', default: 'dev' },
} as const;

export const STACK_USAGE = `  --aws            on AWS, with the credentials and the region of the environment; else on the system
                   that AWS_ENDPOINT_URL names or that npm start runs in this folder
  --stage <stage>  with --aws, which stage is meant: dev unless given`;

/**
 * Finds the stack of the service in this folder.
 *
 * @throws StackNotFoundError
 */
export async function findStack(
  serviceFolder: string,
  { aws, stage }: { aws: boolean; stage: string },
): Promise<DeployedStack> {
  return aws ? stackOnAws(serviceFolder, stage) : localStack(serviceFolder);
}

async function stackOnAws(serviceFolder: string, stage: string): Promise<DeployedStack> {
  const { service } = z
    .object({ service: z.string() })
    .parse(parse(await readFile(join(serviceFolder, 'serverless.yml'), 'utf8')));
  const client = new CloudFormationClient();
  const pages = paginateListStackResources({ client }, { StackName: `${service}-${stage}` });
  const resources: DeployedResource[] = [];
  for await (const { StackResourceSummaries: summaries = [] } of pages) {
    for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of summaries) {
      if (LogicalResourceId === undefined || ResourceType === undefined) continue;
      resources.push({
        logicalId: LogicalResourceId,
        type: ResourceType,
        physicalId: PhysicalResourceId ?? '',
      });
    }
  }
  return { resources, clientSettings: {} };
}

const resourcesPage = z.object({
  resources: z.array(z.object({ logicalId: z.string(), type: z.string(), physicalId: z.string() })),
});

async function localStack(serviceFolder: string): Promise<DeployedStack> {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? (await findRunning(serviceFolder))?.url;
  if (endpoint === undefined) {
    throw new StackNotFoundError(
      'No local system runs in this folder (npm start) and AWS_ENDPOINT_URL names none; --aws means AWS',
    );
  }
  const response = await fetch(new URL('/_local/resources', endpoint));
  const { resources } = resourcesPage.parse(await response.json());
  return { resources, clientSettings: localClientSettings(endpoint) };
}

export const localClientSettings = (endpoint: string): ClientSettings => ({
  endpoint,
  region: process.env['AWS_REGION'] ?? 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
