import type { Template } from 'template-runtime/template';
import type { Pictures } from '../pictures/pictures.ts';
import { failurePaths } from './failure-paths.ts';
import { failures } from './failures.ts';
import { fanOut } from './fan-out.ts';
import { messagingGraph } from './messaging-graph.ts';
import { orderJourney } from './order-journey.ts';
import type { ResourceOwners } from './resource-owners.ts';

/** The pictures of the system as its template describes it. */
export function templatePictures(template: Template, owners: ResourceOwners): Pictures {
  const graph = messagingGraph(template, owners);
  return new Map([
    ['order-journey', orderJourney(graph)],
    ['fan-out', fanOut(graph)],
    ['failures', failures(failurePaths(template))],
  ]);
}
