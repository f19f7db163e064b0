import { describe, expect, it } from '@jest/globals';
import { svgChart } from '../../labs/stage/chart.ts';

const labels = (svg: string): { y: number; text: string }[] =>
  [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*>(orders [^<]*)<\/text>/g)].map(
    ([, y, text = '']) => ({ y: Number(y), text }),
  );

describe('svgChart', () => {
  it('names each series at the height of its last value', () => {
    const svg = svgChart(
      'A spike',
      [
        { name: 'orders placed', values: [40, 40] },
        { name: 'orders stored', values: [0, 24] },
      ],
      100,
    );

    const [placed, stored] = labels(svg);
    expect(placed?.text).toBe('orders placed: 40');
    expect(stored?.text).toBe('orders stored: 24');
    expect(stored?.y).toBeGreaterThan(placed?.y ?? Infinity);
    expect(svg).toContain('>0.1 s</text>');
  });

  it('keeps the names of series that end together apart', () => {
    const values = [0, 40];

    const [first, second] = labels(
      svgChart(
        'A spike',
        [
          { name: 'orders placed', values },
          { name: 'orders stored', values },
        ],
        100,
      ),
    );

    expect((second?.y ?? 0) - (first?.y ?? 0)).toBeGreaterThanOrEqual(14);
  });
});
