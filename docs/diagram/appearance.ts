import type { Tone } from '../pictures/theme.ts';
import type { GraphNode, NodeKind } from './messaging-graph.ts';

/** One colour for each kind of thing, in all pictures. */
export const KIND_TONES: Record<NodeKind, Tone> = {
  client: 'quiet',
  function: 'amber',
  queue: 'violet',
  topic: 'blue',
  table: 'green',
};

/** FraudQueue of FraudQueue.fifo: that it is FIFO stands below. */
export const shortName = ({ label }: GraphNode): string => label.replace(/\.fifo$/, '');

export function detailOf({ id, kind, fifo = false, service }: GraphNode): string {
  if (kind === 'client') return id === 'customer' ? 'e-mail' : 'HTTP';
  if (kind === 'queue' || kind === 'topic') return `${fifo ? 'FIFO' : 'standard'} ${kind}`;
  return service ?? kind;
}
