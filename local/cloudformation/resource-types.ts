import type { ResourceType } from './resource-type.ts';
import * as accepted from './resource-types/accepted.ts';
import { table } from './resource-types/dynamodb.ts';
import { userPool, userPoolClient, userPoolDomain } from './resource-types/cognito.ts';
import { api, authorizer, integration, route, stage } from './resource-types/http-api.ts';
import {
  alias,
  eventInvokeConfig,
  eventSourceMapping,
  lambdaFunction,
  version,
} from './resource-types/lambda.ts';
import { bucket } from './resource-types/s3.ts';
import { subscription, topic, topicPolicy } from './resource-types/sns.ts';
import { queue, queuePolicy } from './resource-types/sqs.ts';

/** Every resource type that the local system takes; any other is reported as not supported. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map([
  ['AWS::ApiGatewayV2::Api', api],
  ['AWS::ApiGatewayV2::Authorizer', authorizer],
  ['AWS::ApiGatewayV2::Integration', integration],
  ['AWS::ApiGatewayV2::Route', route],
  ['AWS::ApiGatewayV2::Stage', stage],
  ['AWS::Budgets::Budget', accepted.budget],
  ['AWS::CloudWatch::Alarm', accepted.alarm],
  ['AWS::CloudWatch::Dashboard', accepted.dashboard],
  ['AWS::Cognito::UserPool', userPool],
  ['AWS::Cognito::UserPoolClient', userPoolClient],
  ['AWS::Cognito::UserPoolDomain', userPoolDomain],
  ['AWS::DynamoDB::Table', table],
  ['AWS::IAM::ManagedPolicy', accepted.managedPolicy],
  ['AWS::IAM::Policy', accepted.inlinePolicy],
  ['AWS::IAM::Role', accepted.role],
  ['AWS::KMS::Alias', accepted.keyAlias],
  ['AWS::KMS::Key', accepted.key],
  ['AWS::Lambda::Alias', alias],
  ['AWS::Lambda::EventInvokeConfig', eventInvokeConfig],
  ['AWS::Lambda::EventSourceMapping', eventSourceMapping],
  ['AWS::Lambda::Function', lambdaFunction],
  ['AWS::Lambda::Permission', accepted.grant],
  ['AWS::Lambda::Version', version],
  ['AWS::Logs::LogGroup', accepted.logGroup],
  ['AWS::S3::Bucket', bucket],
  ['AWS::S3::BucketPolicy', accepted.grant],
  ['AWS::SES::EmailIdentity', accepted.emailIdentity],
  ['AWS::SNS::Subscription', subscription],
  ['AWS::SNS::Topic', topic],
  ['AWS::SNS::TopicPolicy', topicPolicy],
  ['AWS::SQS::Queue', queue],
  ['AWS::SQS::QueuePolicy', queuePolicy],
]);
