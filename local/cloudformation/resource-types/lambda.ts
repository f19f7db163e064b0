import * as z from 'zod';
import { functionNameOf } from '../../lambda/model/function-configuration.ts';
import { arnOf } from '../generated-names.ts';
import { flag, harmless, integer, readProperties, type ResourceType } from '../resource-type.ts';
import type { StackServices } from '../stack-services.ts';

const functionSchema = z.object({
  FunctionName: z.string().optional(),
  Handler: z.string(),
  Runtime: z.string(),
  Code: z.union([
    z.object({
      S3Key: z.string(),
      S3Bucket: harmless.optional(),
      S3ObjectVersion: harmless.optional(),
    }),
    z.object({ ZipFile: z.string() }),
  ]),
  Role: z.string().optional(),
  MemorySize: integer.default(128),
  Timeout: integer.default(3),
  Environment: z
    .object({
      Variables: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
        .default({}),
    })
    .optional(),
  ReservedConcurrentExecutions: integer.optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  LoggingConfig: z
    .object({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['JSON', 'Text']).optional(),
      ApplicationLogLevel: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
      SystemLogLevel: z.enum(['DEBUG', 'INFO', 'WARN']).optional(),
    })
    .optional(),
  Architectures: harmless.optional(),
  Description: harmless.optional(),
  EphemeralStorage: harmless.optional(),
  KmsKeyArn: harmless.optional(),
  PackageType: z.literal('Zip').optional(),
  Tags: harmless.optional(),
  TracingConfig: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export const lambdaFunction: ResourceType = async (request, services) => {
  const { FunctionName: givenName, PackageType: packageType } = request.properties;
  const functionName =
    typeof givenName === 'string' ? givenName : request.generatedName.slice(0, 64);
  const values = {
    ref: functionName,
    attributes: { Arn: arnOf(services.stack, 'lambda', `function:${functionName}`) },
  };
  if (packageType === 'Image') {
    return { ...values, shortcomings: ['container images do not run here'] };
  }
  const { properties, shortcomings } = readProperties(functionSchema, request);
  if (!properties.Runtime.startsWith('nodejs')) {
    const shortcoming = `its runtime ${properties.Runtime} cannot run here, only Node.js can`;
    return { ...values, shortcomings: [...shortcomings, shortcoming] };
  }
  services.functions.ensureFunction({
    functionName,
    handler: properties.Handler,
    runtime: properties.Runtime,
    codeFolder:
      'ZipFile' in properties.Code
        ? await services.inlineCode(properties.Code.ZipFile)
        : await services.codeFolder(request.logicalId, properties.Code.S3Key),
    environment: { ...services.functionEnvironment, ...properties.Environment?.Variables },
    timeoutSeconds: properties.Timeout,
    memoryMb: properties.MemorySize,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    deadLetterTargetArn: properties.DeadLetterConfig?.TargetArn,
    role: properties.Role,
    logGroup: properties.LoggingConfig?.LogGroup,
    loggingConfig: properties.LoggingConfig && {
      logFormat: properties.LoggingConfig.LogFormat,
      applicationLogLevel: properties.LoggingConfig.ApplicationLogLevel,
      systemLogLevel: properties.LoggingConfig.SystemLogLevel,
    },
  });
  return { ...values, shortcomings };
};

/** AWS::Lambda::Alias: the function itself, whatever version the alias names. */
export const alias: ResourceType = (request, { stack }) => {
  const { properties, shortcomings } = readProperties(aliasSchema, request);
  const functionName = functionNameOf(properties.FunctionName);
  const arn = arnOf(stack, 'lambda', `function:${functionName}:${properties.Name}`);
  return { ref: arn, attributes: { AliasArn: arn }, shortcomings };
};

const aliasSchema = z.object({
  Name: z.string(),
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Description: harmless.optional(),
});

const notHere = (functionName: string): string => `its function ${functionName} is not here`;

const isHere = ({ functions }: StackServices, functionName: string): boolean =>
  functions.configurations().some((each) => each.functionName === functionName);

const versionSchema = z.object({
  FunctionName: z.string(),
  CodeSha256: harmless.optional(),
  Description: harmless.optional(),
});

/** A version is the function itself here: code is not kept in several versions. */
export const version: ResourceType = (request, { stack }) => {
  const { properties, shortcomings } = readProperties(versionSchema, request);
  const functionName = functionNameOf(properties.FunctionName);
  const arn = arnOf(stack, 'lambda', `function:${functionName}:1`);
  return { ref: arn, attributes: { Version: '1', FunctionArn: arn }, shortcomings };
};

const destination = z.object({ Destination: z.string() }).optional();
const eventInvokeConfigSchema = z.object({
  FunctionName: z.string(),
  Qualifier: z.string(),
  MaximumRetryAttempts: integer.optional(),
  MaximumEventAgeInSeconds: integer.optional(),
  DestinationConfig: z.object({ OnSuccess: destination, OnFailure: destination }).optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
export const eventInvokeConfig: ResourceType = (request, services) => {
  const { properties, shortcomings } = readProperties(eventInvokeConfigSchema, request);
  const functionName = functionNameOf(properties.FunctionName);
  const configuration = services.functions
    .configurations()
    .find((each) => each.functionName === functionName);
  if (!configuration) {
    return {
      ref: request.generatedName,
      attributes: {},
      shortcomings: [...shortcomings, notHere(functionName)],
    };
  }
  services.functions.ensureFunction({
    ...configuration,
    maximumRetryAttempts: properties.MaximumRetryAttempts,
    maximumEventAgeSeconds: properties.MaximumEventAgeInSeconds,
    onFailureDestinationArn: properties.DestinationConfig?.OnFailure?.Destination,
    onSuccessDestinationArn: properties.DestinationConfig?.OnSuccess?.Destination,
  });
  return { ref: request.generatedName, attributes: {}, shortcomings };
};

const mappingSchema = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: flag.optional(),
  BatchSize: integer.optional(),
  MaximumBatchingWindowInSeconds: integer.optional(),
  FunctionResponseTypes: z.array(z.string()).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: integer.optional() }).optional(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  Tags: harmless.optional(),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html */
export const eventSourceMapping: ResourceType = async (request, services) => {
  const source = request.properties['EventSourceArn'];
  if (typeof source !== 'string' || !source.startsWith('arn:aws:sqs:')) {
    const shortcoming = `only SQS queues are read here, not ${JSON.stringify(source)}`;
    return { ref: request.generatedName, attributes: {}, shortcomings: [shortcoming] };
  }
  const { properties, shortcomings } = readProperties(mappingSchema, request);
  const functionName = functionNameOf(properties.FunctionName);
  if (!isHere(services, functionName)) {
    return {
      ref: request.generatedName,
      attributes: {},
      shortcomings: [...shortcomings, notHere(functionName)],
    };
  }
  const { uuid } = await services.mappings.ensureMapping({
    functionName,
    eventSourceArn: source,
    enabled: properties.Enabled,
    batchSize: properties.BatchSize,
    maximumBatchingWindowInSeconds: properties.MaximumBatchingWindowInSeconds,
    functionResponseTypes: properties.FunctionResponseTypes,
    scalingConfig: { maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency },
    filterCriteria: {
      filters:
        properties.FilterCriteria?.Filters.map(({ Pattern: pattern }) => ({ pattern })) ?? [],
    },
  });
  return { ref: uuid, attributes: { Id: uuid }, shortcomings };
};
