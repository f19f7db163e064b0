import type { IncomingMessage } from 'node:http';

/** The query protocol's `Version` of each service that some client uses unsigned or by hand. */
const SERVICE_OF_VERSION: Record<string, string> = {
  '2010-03-31': 'sns',
  '2012-11-05': 'sqs',
  '2011-06-15': 'sts',
};

/** What the links of an SNS message ask for; AWS takes these two unsigned. */
const SNS_LINKS = new Set(['ConfirmSubscription', 'Unsubscribe']);
const SIGNING_CERTIFICATE = /^\/SimpleNotificationService-[^/]+\.pem$/;

/**
 * The AWS service that an unsigned request is meant for, by what only its clients send; undefined
 * for everything else, which is the HTTP API's.
 */
export function unsignedService(request: IncomingMessage, url: URL): string | undefined {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    if (target.startsWith('AmazonSQS.')) return 'sqs';
    if (target.startsWith('DynamoDB_')) return 'dynamodb';
    // Signing in has no credentials to sign with.
    if (target.startsWith('AWSCognitoIdentityProviderService.')) return 'cognito-idp';
  }
  if (SIGNING_CERTIFICATE.test(url.pathname)) return 'sns';
  const action = url.searchParams.get('Action');
  if (url.pathname !== '/' || action === null) return undefined;
  if (SNS_LINKS.has(action)) return 'sns';
  return SERVICE_OF_VERSION[url.searchParams.get('Version') ?? ''];
}
