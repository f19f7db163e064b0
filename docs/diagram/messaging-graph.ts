import { referencesOf } from 'template-runtime/template';
import type { Template, TemplateResource } from 'template-runtime/template';
import { isTemplateObject, type TemplateValue } from 'template-runtime/template';

import type { ResourceOwners } from './resource-owners.ts';

export type NodeKind = 'client' | 'function' | 'queue' | 'topic' | 'table';

export interface GraphNode {
  id: string;
  kind: NodeKind;
  label: string;
  /** The service that owns it; topics stand between services. */
  service?: string;
  fifo?: boolean;
}

export interface GraphEdge {
  from: string;
  to: string;
  label?: string;
  /** For what went wrong, and for tables, which carry no message. */
  style: 'message' | 'failure' | 'storage';
}

export interface MessagingGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

const CLIENT: GraphNode = { id: 'client', kind: 'client', label: 'Client' };
const CUSTOMER: GraphNode = { id: 'customer', kind: 'client', label: 'Customer' };

/** Who sends messages to whom, as the template says it. */
export function messagingGraph(template: Template, owners: ResourceOwners): MessagingGraph {
  const edges = [
    ...routeEdges(template),
    ...environmentEdges(template),
    ...eventSourceEdges(template),
    ...subscriptionEdges(template),
    ...failureEdges(template),
  ];
  const nodes = [CLIENT, ...resourceNodes(template, owners), CUSTOMER];
  const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return { nodes: nodes.filter(({ id }) => connected.has(id)), edges };
}

function resourceNodes(template: Template, owners: ResourceOwners): GraphNode[] {
  return Object.entries(template.Resources).flatMap(([id, resource]): GraphNode[] => {
    const owner = owners.get(id);
    const owned = owner === undefined ? {} : { service: owner };
    switch (resource.Type) {
      case 'AWS::Lambda::Function':
        return [
          {
            id,
            kind: 'function',
            label: lastPart(resource, 'FunctionName'),
            service: serviceOf(resource),
          },
        ];
      case 'AWS::SQS::Queue':
        return [
          {
            id,
            kind: 'queue',
            label: lastPart(resource, 'QueueName'),
            fifo: isFifo(resource),
            ...owned,
          },
        ];
      case 'AWS::SNS::Topic':
        return [
          { id, kind: 'topic', label: lastPart(resource, 'TopicName'), fifo: isFifo(resource) },
        ];
      case 'AWS::DynamoDB::Table':
        return [{ id, kind: 'table', label: id, ...owned }];
      default:
        return [];
    }
  });
}

/** `FraudQueue.fifo` of `order-messaging-dev-FraudQueue.fifo`. */
const lastPart = ({ Properties }: TemplateResource, property: string): string =>
  text(Properties[property]).split('-').at(-1) ?? '';

const isFifo = ({ Properties }: TemplateResource): boolean =>
  Properties['FifoQueue'] === true || Properties['FifoTopic'] === true;

const serviceOf = ({ Properties }: TemplateResource): string =>
  text(variablesOf(Properties)['POWERTOOLS_SERVICE_NAME']);

function routeEdges(template: Template): GraphEdge[] {
  return ofType(template, 'AWS::ApiGatewayV2::Route').flatMap(([, { Properties }]) => {
    const integration = references(Properties['Target'])
      .map((name) => template.Resources[name])
      .find((resource) => resource?.Type === 'AWS::ApiGatewayV2::Integration');
    const to = target(integration?.Properties['IntegrationUri']);
    const route = text(Properties['RouteKey']);
    const label = route === '$default' ? 'anything else' : route;
    return to ? [{ from: CLIENT.id, to, label, style: 'message' as const }] : [];
  });
}

/** A function sends to the queues and topics in its environment, and stores in the tables there. */
function environmentEdges(template: Template): GraphEdge[] {
  return ofType(template, 'AWS::Lambda::Function').flatMap(([from, { Properties }]) =>
    Object.entries(variablesOf(Properties)).flatMap(([name, value]): GraphEdge[] => {
      if (name === 'EMAIL_SENDER') {
        return [{ from, to: CUSTOMER.id, label: 'SES', style: 'message' }];
      }
      const to = target(value);
      if (!to) return [];
      const isTable = template.Resources[to]?.Type === 'AWS::DynamoDB::Table';
      return [{ from, to, style: isTable ? 'storage' : 'message' }];
    }),
  );
}

function eventSourceEdges(template: Template): GraphEdge[] {
  return ofType(template, 'AWS::Lambda::EventSourceMapping').flatMap(([, { Properties }]) => {
    const from = target(Properties['EventSourceArn']);
    const to = target(Properties['FunctionName']);
    const window = Properties['MaximumBatchingWindowInSeconds'];
    const batch = `up to ${text(Properties['BatchSize'])}`;
    const label = window ? `${batch} within ${text(window)} s` : batch;
    return from && to ? [{ from, to, label, style: 'message' as const }] : [];
  });
}

function subscriptionEdges(template: Template): GraphEdge[] {
  return ofType(template, 'AWS::SNS::Subscription').flatMap(([, { Properties }]) => {
    const from = target(Properties['TopicArn']);
    const to = target(Properties['Endpoint']);
    const filter = Properties['FilterPolicy'];
    const states = isTemplateObject(filter) ? filter['State'] : undefined;
    const label = Array.isArray(states) ? states.map(text).join(', ') : 'every event';
    // A person who subscribes to alerts stands outside the system of orders.
    const known = to !== undefined && Object.hasOwn(template.Resources, to);
    return from && known ? [{ from, to, label, style: 'message' as const }] : [];
  });
}

function failureEdges(template: Template): GraphEdge[] {
  return ofType(template, 'AWS::Lambda::EventInvokeConfig').flatMap(([, { Properties }]) => {
    const from = target(Properties['FunctionName']);
    const to = target(Properties['DestinationConfig']);
    return from && to ? [{ from, to, label: 'failed', style: 'failure' as const }] : [];
  });
}

const ofType = (template: Template, type: string): [string, TemplateResource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

function variablesOf(properties: TemplateResource['Properties']): Record<string, TemplateValue> {
  const environment = properties['Environment'];
  const variables = isTemplateObject(environment) ? environment['Variables'] : undefined;
  return isTemplateObject(variables) ? variables : {};
}

const references = (value: TemplateValue | undefined): string[] =>
  referencesOf(value ?? null, '', () => true).map(({ name }) => name);

const target = (value: TemplateValue | undefined): string | undefined => references(value)[0];

const text = (value: TemplateValue | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
