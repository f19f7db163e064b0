import type { GraphEdge, GraphNode, MessagingGraph, NodeKind } from './messaging-graph.ts';

/** The brackets that give a node its shape. */
const SHAPES: Record<NodeKind, readonly [string, string]> = {
  client: ['([', '])'],
  function: ['(', ')'],
  queue: ['[[', ']]'],
  topic: ['{{', '}}'],
  table: ['[(', ')]'],
};

const ARROWS: Record<GraphEdge['style'], string> = {
  message: '-->',
  failure: '-.->',
  storage: '---',
};

/**
 * The graph as a Mermaid flowchart, one box per service. FIFO queues and topics have a thick border.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaid({ nodes, edges }: MessagingGraph): string {
  const services = [...new Set(nodes.flatMap(({ service }) => service ?? []))];
  const lines = [
    'flowchart LR',
    ...nodes.filter(({ service }) => service === undefined).map((node) => `  ${drawn(node)}`),
    ...services.flatMap((service) => [
      `  subgraph ${service}`,
      ...nodes.filter((node) => node.service === service).map((node) => `    ${drawn(node)}`),
      '  end',
    ]),
    ...edges.map((edge) => `  ${arrow(edge)}`),
    '  classDef fifo stroke-width:3px',
    `  class ${nodes.flatMap(({ id, fifo }) => (fifo ? [id] : [])).join(',')} fifo`,
  ];
  return ['```mermaid', ...lines, '```'].join('\n');
}

function drawn({ id, kind, label }: GraphNode): string {
  const [open, close] = SHAPES[kind];
  return `${id}${open}"${label}"${close}`;
}

function arrow({ from, to, label, style }: GraphEdge): string {
  const labelled = label === undefined ? ARROWS[style] : `${ARROWS[style]}|"${label}"|`;
  return `${from} ${labelled} ${to}`;
}
