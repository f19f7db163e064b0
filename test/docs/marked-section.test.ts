import { describe, expect, it } from '@jest/globals';
import { MarkersMissingError, withSection } from '../../docs/marked-section.ts';

describe('withSection', () => {
  it('goes between the markers and leaves the rest alone', () => {
    const document = 'a\n<!-- figures:start -->\nold\n<!-- figures:end -->\nb\n';

    const filled = withSection(document, 'figures', 'new');

    expect(filled).toBe('a\n<!-- figures:start -->\n\nnew\n\n<!-- figures:end -->\nb\n');
    expect(withSection(filled, 'figures', 'new')).toBe(filled);
    expect(() => withSection('no markers', 'figures', 'new')).toThrow(MarkersMissingError);
  });
});
