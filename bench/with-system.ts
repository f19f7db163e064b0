import { join } from 'node:path';
import { compileCacheOf, openPackage } from 'template-runtime/package';
import { startSystem, type System } from 'template-runtime/system';

export const serviceFolder = join(import.meta.dirname, '..');

/**
 * Runs the packaged service, with its state in memory, for as long as `use` takes.
 *
 * @param options.runEventSources false leaves the queues unread
 */
export async function withSystem<T>(
  use: (system: System) => Promise<T>,
  { runEventSources = true }: { runEventSources?: boolean } = {},
): Promise<T> {
  const system = await startSystem({
    ...(await openPackage(serviceFolder)),
    port: 0,
    anyPortIfTaken: true,
    runEventSources,
    compileCacheFolder: compileCacheOf(serviceFolder),
  });
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

/**
 * Lets the functions reach DynamoDB through the one endpoint, where requests can be counted. As a
 * rule they talk straight to the emulator's thread.
 */
export function sendDynamoDbThroughEndpoint(system: System): void {
  for (const configuration of system.lambda.configurations()) {
    system.lambda.ensureFunction({
      ...configuration,
      environment: { ...configuration.environment, AWS_ENDPOINT_URL_DYNAMODB: system.url },
    });
  }
}
