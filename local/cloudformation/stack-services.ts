import type { UserPools } from '../cognito/model.ts';
import type { DynamoDbService } from '../dynamodb/service.ts';
import type { EventSourceMappingConfiguration } from '../event-source-mapping/model/mapping-configuration.ts';
import type { RouteConfiguration } from '../http-api/http-api.ts';
import type { JwtAuthorizer } from '../http-api/jwt-authorizer.ts';
import type { HttpApis } from '../http-api/service.ts';
import type { ObjectStore } from '../s3/model/object-store.ts';
import type { FunctionConfiguration } from '../lambda/model/function-configuration.ts';
import type { EmailIdentities } from '../ses/model.ts';
import type { Queue } from '../sqs/queue.ts';
import type { StackIdentity } from './resolver.ts';

/** The emulated services as the resources of a template need them. */
export interface StackServices {
  readonly stack: StackIdentity;
  /** Where the local system listens, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly queues: {
    /** Creates a queue, or gives the one that exists exactly these attributes and tags. */
    ensureQueue(
      name: string,
      attributes: Record<string, string>,
      tags: Record<string, string>,
    ): Promise<Queue>;
    /** Changes these attributes and leaves the others; an empty policy takes it away. */
    setQueueAttributes(name: string, attributes: Record<string, string>): Promise<void>;
    /** One that does not exist is no error. */
    deleteQueue(url: string): Promise<void>;
    queueByName(name: string): Queue | undefined;
    queueByUrl(url: string): Queue | undefined;
  };
  /** Names of queues whose policy is that of an earlier run. */
  readonly leftOverPolicies: Set<string>;
  readonly topics: {
    ensureTopic(
      name: string,
      attributes: Record<string, string>,
      tags: Record<string, string>,
    ): Promise<{ arn: string }>;
    /** Changes these attributes and leaves the others. */
    setTopicAttributes(arn: string, attributes: Record<string, string>): Promise<void>;
    /** One that does not exist is no error. */
    deleteTopic(arn: string): Promise<void>;
    /** One that does not exist is no error. */
    unsubscribe(arn: string): Promise<void>;
    ensureSubscription(subscription: {
      topicArn: string;
      protocol: string;
      endpoint: string;
      attributes: Record<string, string>;
    }): Promise<{ arn: string }>;
  };
  readonly functions: {
    ensureFunction(configuration: FunctionConfiguration): void;
    configurations(): FunctionConfiguration[];
  };
  /** The folder with a function's unpacked code. */
  readonly codeFolder: (functionLogicalId: string, s3Key: string) => string | Promise<string>;
  /** A folder with a package of one module, `index.js`. */
  readonly inlineCode: (source: string) => Promise<string>;
  /** Variables that every function gets beside its own. */
  readonly functionEnvironment: Record<string, string>;
  readonly tables: DynamoDbService;
  readonly buckets: ObjectStore;
  readonly emailIdentities: EmailIdentities;
  readonly httpApis: HttpApis;
  readonly userPools: UserPools;
  readonly mappings: {
    /** Makes a mapping that receives nothing before the whole stack stands. */
    ensureMapping(configuration: EventSourceMappingConfiguration): Promise<{ uuid: string }>;
  };
  /** Integrations by their id, kept between an integration and the routes that name it. */
  readonly integrations: Map<
    string,
    Pick<RouteConfiguration, 'functionName' | 'payloadFormatVersion'>
  >;
  /** JWT authorizers by their id, kept between an authorizer and the routes that name it. */
  readonly authorizers: Map<string, JwtAuthorizer>;
}
