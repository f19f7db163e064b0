import { Drawing, type Area } from '../pictures/drawing.ts';
import type { Tone } from '../pictures/theme.ts';
import { KIND_TONES, detailOf, shortName } from './appearance.ts';
import type { GraphEdge, GraphNode, MessagingGraph } from './messaging-graph.ts';

const PUBLISHER = { x: 20, width: 116 };
const TOPIC = { x: 176, width: 124 };
const FILTER = { x: 322, width: 222 };
const SUBSCRIBER = { x: 566, width: 140 };
const CONSUMER = { x: 734, width: 98 };
const FIRST_ROW = 56;
const ROW = 58;
const BOX = 42;

/** What the state of an order looks like. */
const STATE_TONES: Readonly<Record<string, Tone>> = {
  Placed: 'blue',
  Approved: 'amber',
  Shipped: 'green',
  Declined: 'red',
  Cancelled: 'quiet',
};

/** Who publishes to the topics, who subscribes to them, and what each filter policy lets through. */
export function fanOut({ nodes, edges }: MessagingGraph): string {
  const node = new Map(nodes.map((each) => [each.id, each]));
  const topics = nodes.filter(({ kind }) => kind === 'topic');
  const groups = topics.map((topic) => ({
    topic,
    subscriptions: edges.filter(({ from }) => from === topic.id),
  }));
  const rows = groups.reduce((sum, { subscriptions }) => sum + subscriptions.length, 0);
  const drawing = new Drawing(
    FIRST_ROW + rows * ROW + (groups.length - 1) * 16 + 6,
    'Fan-out: one event, many queues',
    groups
      .flatMap(({ subscriptions }) => subscriptions)
      .map(({ from, to, label }) => `${from} delivers ${label} to ${to}.`)
      .join(' '),
  );
  const publishers = nodes.filter(({ id }) =>
    topics.some((topic) => edges.some(({ from, to }) => from === id && to === topic.id)),
  );
  const middle = FIRST_ROW + (rows * ROW) / 2;
  const publisherAreas = publishers.map((publisher, place): [GraphNode, Area] => [
    publisher,
    { ...PUBLISHER, y: middle + (place - publishers.length / 2) * (ROW + 14), height: BOX },
  ]);
  let y = FIRST_ROW;
  for (const { topic, subscriptions } of groups) {
    const topicArea = { ...TOPIC, y: y + ((subscriptions.length - 1) * ROW) / 2, height: BOX };
    for (const [publisher, area] of publisherAreas) {
      if (!edges.some(({ from, to }) => from === publisher.id && to === topic.id)) continue;
      connect(drawing, area, topicArea, 'quiet');
    }
    for (const subscription of subscriptions) {
      const subscriber = node.get(subscription.to);
      if (subscriber) {
        const area = { ...SUBSCRIBER, y, height: BOX };
        connect(drawing, topicArea, area, 'blue', FILTER.x - 8);
        filter(drawing, subscription, y + BOX / 2);
        drawing.node(area, shortName(subscriber), look(subscriber));
        const consumers =
          subscriber.kind === 'queue' ? edges.filter(({ from }) => from === subscriber.id) : [];
        consumer(
          drawing,
          area,
          consumers.map(({ to }) => node.get(to)?.label ?? to),
        );
      }
      y += ROW;
    }
    drawing.node(topicArea, shortName(topic), { ...look(topic), radius: BOX / 2 });
    y += 16;
  }
  for (const [publisher, area] of publisherAreas) {
    drawing.node(area, publisher.label, { ...look(publisher), detail: 'publishes to both' });
  }
  return drawing.svg();
}

const look = (node: GraphNode): { tone: Tone; detail: string } => ({
  tone: KIND_TONES[node.kind],
  detail: detailOf(node),
});

/** Who takes the messages from the queue; nobody yet, or not in this template, is nothing drawn. */
function consumer(drawing: Drawing, queue: Area, names: readonly string[]): void {
  for (const name of names) {
    const area = { ...CONSUMER, y: queue.y, height: BOX };
    connect(drawing, queue, area, 'quiet');
    drawing.node(area, name, { tone: KIND_TONES.function });
  }
}

function filter(drawing: Drawing, { label = '' }: GraphEdge, y: number): void {
  const states = label.split(', ');
  let x = FILTER.x;
  for (const state of states) {
    const width = state.length * 6.5 + 18;
    drawing.pill({ x: x + width / 2, y }, state, STATE_TONES[state] ?? 'ink');
    x += width + 5;
  }
}

function connect(drawing: Drawing, from: Area, to: Area, tone: Tone, gap?: number): void {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  const x = gap ?? (start.x + end.x) / 2;
  drawing.arrow(
    start.y === end.y ? [start, end] : [start, { x, y: start.y }, { x, y: end.y }, end],
    { tone },
  );
}
