import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MarkersMissingError, withSection } from '../../docs/marked-section.ts';
import { mermaid } from '../../docs/diagram/mermaid.ts';
import { messagingGraph } from '../../docs/diagram/messaging-graph.ts';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'architecture.md');
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

describe('the diagram of the architecture', () => {
  it('is current (npm run diagram draws it anew)', async () => {
    const document = await readFile(DOCUMENT, 'utf8');

    expect(document).toBe(withSection(document, 'diagram', mermaid(messagingGraph(template))));
  });

  it('follows the template', () => {
    const diagram = mermaid(messagingGraph(template));

    expect(diagram).toContain('OrderEventsFifo -->|"Placed"| FraudQueue');
    const without = mermaid(messagingGraph(withoutResource(template, 'FraudSubscription')));
    expect(without).not.toContain('OrderEventsFifo -->|"Placed"| FraudQueue');
    const path = 'FilterPolicy.State';
    const other = withProperty(template, 'FraudSubscription', path, ['Placed', 'Shipped']);
    expect(mermaid(messagingGraph(other))).toContain('|"Placed, Shipped"| FraudQueue');
  });

  it('goes between the markers and leaves the rest alone', () => {
    const document = 'a\n<!-- diagram:start -->\nold\n<!-- diagram:end -->\nb\n';

    const drawn = withSection(document, 'diagram', 'new');

    expect(drawn).toBe('a\n<!-- diagram:start -->\n\nnew\n\n<!-- diagram:end -->\nb\n');
    expect(withSection(drawn, 'diagram', 'new')).toBe(drawn);
    expect(() => withSection('no markers', 'diagram', 'new')).toThrow(MarkersMissingError);
  });
});
