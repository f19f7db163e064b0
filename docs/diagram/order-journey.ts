import { Drawing, PAGE_WIDTH, type Area, type Point } from '../pictures/drawing.ts';
import { KIND_TONES, detailOf, shortName } from './appearance.ts';
import type { GraphNode, MessagingGraph } from './messaging-graph.ts';

/** The layout of the picture has no place for a resource that the template has. */
export class NoPlaceError extends Error {
  override readonly name = 'NoPlaceError';
}

/** Client, entry, queue, consumer, topic: the columns from left to right. */
const COLUMNS = [
  { x: 20, width: 78 },
  { x: 134, width: 182 },
  { x: 358, width: 132 },
  { x: 532, width: 120 },
  { x: 694, width: 124 },
] as const;
const FIRST_ROW = 56;
const ROW = 74;
const BOX = 46;

/**
 * Every queue, topic and function on a way from the client to the customer: requests go right along
 * the upper rows to the topics, and what subscribes to a topic comes back left along the lower ones.
 *
 * @throws NoPlaceError
 */
export function orderJourney(graph: MessagingGraph): string {
  const { nodes, edges } = onTheWay(graph);
  const areas = placed({ nodes, edges });
  const rows = Math.max(...[...areas.values()].map(({ y }) => (y - FIRST_ROW) / ROW)) + 1;
  const drawing = new Drawing(
    FIRST_ROW + rows * ROW,
    'The order’s journey',
    edges.map(({ from, to }) => `${from} sends to ${to}.`).join(' '),
  );
  const area = (id: string): Area => {
    const found = areas.get(id);
    if (!found) throw new NoPlaceError(`The order’s journey has no place for ${id}`);
    return found;
  };
  for (const edge of edges) {
    const filter = nodes.some(({ id, kind }) => id === edge.from && kind === 'topic');
    const points = way(area(edge.from), area(edge.to));
    drawing.arrow(points, { tone: filter ? 'blue' : 'quiet' });
    const end = points.at(-1);
    if (!filter || !end) continue;
    drawing.text({ x: end.x + 8, y: end.y - 7 }, edge.label ?? '', {
      size: 11,
      tone: 'blue',
      halo: true,
    });
  }
  for (const node of nodes) {
    const route = edges.find(({ from, to }) => from === 'client' && to === node.id)?.label;
    drawing.node(area(node.id), shortName(node), {
      tone: KIND_TONES[node.kind],
      radius: node.kind === 'client' || node.kind === 'topic' ? BOX / 2 : 6,
      detail: route ?? detailOf(node),
    });
  }
  return drawing.svg();
}

/** The part of the graph from which the customer, and which from the client, can be reached. */
function onTheWay({ nodes, edges }: MessagingGraph): MessagingGraph {
  const messages = edges.filter(({ style }) => style === 'message');
  const ahead = reached('client', (id) =>
    messages.filter(({ from }) => from === id).map((e) => e.to),
  );
  const behind = reached('customer', (id) =>
    messages.filter(({ to }) => to === id).map((e) => e.from),
  );
  const within = (id: string): boolean => ahead.has(id) && behind.has(id);
  return {
    nodes: nodes.filter(({ id }) => within(id)),
    edges: messages.filter(({ from, to }) => within(from) && within(to)),
  };
}

function reached(start: string, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([start]);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
}

function placed({ nodes, edges }: MessagingGraph): ReadonlyMap<string, Area> {
  const places = new Map<string, Area>();
  const place = (id: string, column: number, row: number): void => {
    const { x, width } = COLUMNS[column] ?? COLUMNS[0];
    if (!places.has(id)) places.set(id, { x, y: FIRST_ROW + row * ROW, width, height: BOX });
  };
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const next = (id: string, kind: GraphNode['kind']): readonly string[] =>
    edges.filter(({ from, to }) => from === id && kinds.get(to) === kind).map(({ to }) => to);
  place('client', 0, 0);
  const entries = next('client', 'function');
  for (const [row, entry] of entries.entries()) {
    place(entry, 1, row);
    for (const queue of next(entry, 'queue')) {
      place(queue, 2, row);
      for (const consumer of next(queue, 'function')) place(consumer, 3, row);
    }
  }
  const topics = nodes.filter(({ kind }) => kind === 'topic');
  let row = Math.max(entries.length, topics.length);
  for (const [level, topic] of topics.entries()) place(topic.id, 4, level);
  for (const topic of topics.toReversed()) {
    for (const queue of next(topic.id, 'queue')) {
      place(queue, 3, row);
      for (const consumer of next(queue, 'function')) place(consumer, 2, row);
      row += 1;
    }
    for (const subscriber of next(topic.id, 'function')) {
      place(subscriber, 2, row);
      place('customer', 0, row);
      row += 1;
    }
  }
  return places;
}

/** From one box to another, through the gaps between the columns where they are not neighbours. */
function way(from: Area, to: Area): readonly Point[] {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  if (from.x + from.width < to.x) {
    const gap = (start.x + end.x) / 2;
    if (start.y === end.y) return [start, end];
    return [start, { x: gap, y: start.y }, { x: gap, y: end.y }, end];
  }
  const left = { x: from.x, y: start.y };
  if (from.x === to.x) {
    const gap = from.x - 18;
    return [left, { x: gap, y: left.y }, { x: gap, y: end.y }, end];
  }
  const right = { x: to.x + to.width, y: end.y };
  if (start.y === end.y) return [left, right];
  // From the topics to the rows below; the upper one passes the lower one on the right.
  const lane = PAGE_WIDTH - (from.y === FIRST_ROW ? 14 : 24);
  return [start, { x: lane, y: start.y }, { x: lane, y: right.y }, right];
}
