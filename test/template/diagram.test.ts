import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MarkersMissingError, withSection } from '../../docs/marked-section.ts';
import { mermaid } from '../../docs/diagram/mermaid.ts';
import { messagingGraph } from '../../docs/diagram/messaging-graph.ts';
import { resourceOwners } from '../../docs/diagram/resource-owners.ts';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const DOCUMENT = join(REPOSITORY, 'docs', 'architecture.md');
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

const drawn = (of: Template) => mermaid(messagingGraph(of, resourceOwners(REPOSITORY)));

describe('the diagram of the architecture', () => {
  it('is current (npm run diagram draws it anew)', async () => {
    const document = await readFile(DOCUMENT, 'utf8');

    expect(document).toBe(withSection(document, 'diagram', drawn(template)));
  });

  it('follows the template', () => {
    const diagram = drawn(template);

    expect(diagram).toContain('OrderEventsFifo -->|"Placed"| FraudQueue');
    const without = drawn(withoutResource(template, 'FraudSubscription'));
    expect(without).not.toContain('OrderEventsFifo -->|"Placed"| FraudQueue');
    const path = 'FilterPolicy.State';
    const other = withProperty(template, 'FraudSubscription', path, ['Placed', 'Shipped']);
    expect(drawn(other)).toContain('|"Placed, Shipped"| FraudQueue');
  });

  it('goes between the markers and leaves the rest alone', () => {
    const document = 'a\n<!-- diagram:start -->\nold\n<!-- diagram:end -->\nb\n';

    const filled = withSection(document, 'diagram', 'new');

    expect(filled).toBe('a\n<!-- diagram:start -->\n\nnew\n\n<!-- diagram:end -->\nb\n');
    expect(withSection(filled, 'diagram', 'new')).toBe(filled);
    expect(() => withSection('no markers', 'diagram', 'new')).toThrow(MarkersMissingError);
  });
});
