import type { ResourceOwners } from '../../../docs/diagram/resource-owners.ts';
import type { Template } from 'template-runtime/template';
import {
  alarmsOf,
  eventSourcesOf,
  functionsOf,
  queuesOf,
  subscriptionsOf,
  targetOf,
} from '../model.ts';

/** A resource and the service that it should belong to. */
type Claim = [id: string | undefined, service: string | undefined];

const serviceOf = (template: Template, functionId: string | undefined): string | undefined => {
  const found = functionsOf(template).find(({ id }) => id === functionId);
  const service = found?.properties.Environment.Variables['POWERTOOLS_SERVICE_NAME'];
  return typeof service === 'string' ? service : undefined;
};

/**
 * A service's folder describes all that is its own: the queues that its functions read, with their
 * dead-letter queues, subscriptions and alarms, and the roles of its functions.
 */
export function ownership(template: Template, owners: ResourceOwners): string[] {
  const claims: Claim[] = [
    ...eventSourcesOf(template).map(({ properties }): Claim => [
      targetOf(properties.EventSourceArn),
      serviceOf(template, targetOf(properties.FunctionName)),
    ]),
    ...functionsOf(template).map(({ id, properties }): Claim => [
      targetOf(properties.Role),
      serviceOf(template, id),
    ]),
    ...queuesOf(template).map(({ id, properties }): Claim => [
      targetOf(properties.RedrivePolicy?.deadLetterTargetArn) ?? id,
      owners.get(id) ?? 'a service',
    ]),
    ...subscriptionsOf(template)
      .filter(({ properties }) => properties.Protocol === 'sqs')
      .map(({ id, properties }): Claim => [id, owners.get(targetOf(properties.Endpoint) ?? '')]),
    ...alarmsOf(template).map(({ id, properties }): Claim => {
      const watched = targetOf(properties.Dimensions[0]?.Value);
      return [id, owners.get(watched ?? '') ?? serviceOf(template, watched)];
    }),
  ];
  return claims.flatMap(([id = 'nothing', service = 'nobody']) => {
    const owner = owners.get(id) ?? 'nobody';
    return owner === service ? [] : [`${id}: is described by ${owner}, belongs to ${service}`];
  });
}
