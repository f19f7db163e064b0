import { splitTarget } from '../http-api/request-event.ts';
import { HttpEndpoint, PortInUseError } from '../endpoint/http-endpoint.ts';
import { RequestFaults } from '../faults/request-faults.ts';
import type { LocalContext } from '../context/local-context.ts';
import type { SentEmails } from '../ses/emails-page.ts';
import type { SesService } from '../ses/service.ts';
import { StsService } from '../sts/service.ts';
import { problemsOf } from './health.ts';
import { localPages, type LocalPages } from './local-pages.ts';
import type { Regional } from './regional.ts';
import type { Services } from './services.ts';
import type { SystemOptions } from './system.ts';

/** The one address of the whole system: AWS's services, the HTTP APIs and the pages of its own. */
export function localEndpoint(
  context: LocalContext,
  services: Services,
  { provisioned, onError }: { provisioned: Promise<void>; onError: (error: unknown) => void },
): { endpoint: HttpEndpoint; pages: LocalPages } {
  const { lambda, cognito, faults, httpApis, mails, mappings } = services;
  const awsServices = {
    sqs: services.queues,
    sns: services.topics,
    lambda,
    dynamodb: services.tables,
    s3: services.s3,
    ses: mails,
    'cognito-idp': cognito,
    sts: new StsService(context),
  };
  const parts = { ...awsServices, eventSourceMappings: mappings };
  const pages = localPages({
    activity: context.activity,
    sent: mailsOfAllRegions(mails),
    faults,
    answerToken: (url, response) => cognito.answerToken(url, response),
    problems: () => problemsOf(parts),
  });
  const endpoint = new HttpEndpoint({
    services: awsServices,
    localPages: pages.handle,
    // The port is needed before anything can be provisioned; early requests wait for the routes.
    httpApi: async (request, response) => {
      await provisioned;
      const { path } = splitTarget(request.url ?? '/');
      if (await cognito.answerDocument(path, response)) return;
      await httpApis.handle(request, response);
    },
    apiRules: httpApis,
    interceptor: new RequestFaults(faults, context.activity, {
      kill: ({ functionName, environmentId }) =>
        lambda
          .environmentsOf(functionName)
          .find(({ id }) => id === environmentId)
          ?.kill(),
      endpoint: context.endpoint,
    }),
    onError,
  });
  return { endpoint, pages };
}

/** @throws PortInUseError */
export async function listen(
  endpoint: HttpEndpoint,
  { port, anyPortIfTaken }: Pick<SystemOptions, 'port' | 'anyPortIfTaken'>,
): Promise<number> {
  try {
    return await endpoint.listen(port);
  } catch (error) {
    if (!(error instanceof PortInUseError) || !anyPortIfTaken) throw error;
    return endpoint.listen(0);
  }
}

/** The mails of all regions, oldest first. */
export const mailsOfAllRegions = (mails: Regional<SesService>): SentEmails => ({
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
export const unlessClientLeft =
  (onError: (error: unknown) => void) =>
  (error: unknown): void => {
    const code = typeof error === 'object' && error && 'code' in error ? error.code : undefined;
    if (code !== 'ECONNRESET' && code !== 'ERR_STREAM_PREMATURE_CLOSE') onError(error);
  };
