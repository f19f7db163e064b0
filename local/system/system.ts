import type { ActivityStream } from '../activity/activity-stream.ts';
import type { StackResource, UnsupportedResource } from '../cloudformation/provision-stack.ts';
import type { StackChange } from '../cloudformation/stack-record.ts';
import type { EventSourceMappings } from '../event-source-mapping/service.ts';
import type { IssuedTokens, TokenRequest } from '../cognito/model.ts';
import type { HttpApis } from '../http-api/service.ts';
import type { LambdaService } from '../lambda/service.ts';
import type { Faults } from '../faults/faults.ts';
import type { SentEmails } from '../ses/emails-page.ts';
import type { SnsService } from '../sns/service.ts';
import type { SqsService } from '../sqs/service.ts';

export interface SystemOptions {
  /** The packaged CloudFormation template, parsed. */
  template: unknown;
  /** The folder with a function's unpacked code, by logical id and the S3 key of its package. */
  codeFolder: (functionLogicalId: string, s3Key: string) => string | Promise<string>;
  /** The port on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Takes a free port when `port` is in use. */
  anyPortIfTaken: boolean;
  /** Keeps the state below this folder; in memory without it. */
  dataDir?: string;
  /** Starts with what is left when the data folder has lost something. */
  acceptDataLoss?: boolean;
  /** False leaves queues unread: no event source mapping starts. */
  runEventSources: boolean;
  /** `local` unless given. Names of unnamed resources begin with it. */
  stackName?: string;
  /** Values for the template's parameters; the others take their default. */
  parameters?: Record<string, string>;
  /** `us-east-1` unless given. */
  region?: string;
  /**
   * Environments that a function without reserved concurrency may have; as many as the machine has
   * cores unless given, and two at least. More of them would only share the same cores, each with
   * a cold start of its own, and cut a backlog into smaller batches.
   */
  concurrencyPerFunction?: number;
  /** How long a failed asynchronous event waits for its next attempt; 60 and 120 s unless given. */
  retryDelaySeconds?: readonly number[];
  /** Keeps compiled code of functions in this folder: later cold starts are shorter. */
  compileCacheFolder?: string;
  /** Called with what should never happen; it is written to standard error otherwise. */
  onError?: (error: unknown) => void;
}

/** The whole template, running on this machine. */
export interface System {
  /** Such as `http://127.0.0.1:4566`: the HTTP API, and every AWS service for an SDK. */
  url: string;
  port: number;
  /** The port at which DynamoDB answers itself, without the endpoint in between. */
  dynamoDbUrl: string;
  activity: ActivityStream;
  sqs: SqsService;
  sns: SnsService;
  lambda: LambdaService;
  httpApis: HttpApis;
  /** Which queue feeds which function; a mapping can be paused and resumed. */
  eventSources: EventSourceMappings;
  emails: SentEmails;
  /** What is made to go wrong on purpose. */
  faults: Faults;
  /** The template's outputs by name. */
  outputs: Record<string, string>;
  resources: StackResource[];
  /** What of the template does not work here. */
  unsupported: UnsupportedResource[];
  /** With a data folder: what became of the resources since the run before. */
  changes: StackChange[];
  /**
   * Tokens of the template's user pool for whoever is asked for. An HTTP API takes both; only the
   * ID token tells name and e-mail address, as on AWS.
   *
   * @throws UserPoolNotFoundError
   */
  issueToken(request: TokenRequest): Promise<IssuedTokens>;
  /** Lets every later event of a function run the code in `folder`. */
  replaceCode(functionLogicalIdOrName: string, folder: string): Promise<void>;
  /** The variables that the template gives a function, resolved. */
  environmentOf(functionName: string): Record<string, string>;
  /** Ends everything; with a data folder all of it is on disk when this resolves. */
  stop(): Promise<void>;
}
