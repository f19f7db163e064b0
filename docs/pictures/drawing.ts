import { STYLE, type Tone } from './theme.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly tone?: Tone;
  readonly size?: number;
  readonly bold?: boolean;
  readonly code?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Keeps lines that cross the text away from its letters. */
  readonly halo?: boolean;
}

export interface LineStyle {
  readonly tone?: Tone;
  readonly dashed?: boolean;
  readonly width?: number;
}

export interface BoxStyle extends LineStyle {
  readonly radius?: number;
}

/** GitHub shows a page's pictures about this wide. */
export const PAGE_WIDTH = 850;

const HEAD = 7;
const ELBOW = 7;

/** A picture as SVG on a card of its own, so that it can be read whatever the page's colour is. */
export class Drawing {
  readonly #height: number;
  readonly #title: string;
  readonly #description: string;
  readonly #parts: string[] = [];

  /** The description is for readers who do not see the picture. */
  constructor(height: number, title: string, description: string) {
    this.#height = height;
    this.#title = title;
    this.#description = description;
    this.text({ x: 20, y: 32 }, title, { size: 16, bold: true });
  }

  text({ x, y }: Point, content: string, style: TextStyle = {}): void {
    const { tone = 'ink', size = 13, bold = false, code = false, anchor, halo = false } = style;
    const classes = [`text-${tone}`, ...(code ? ['code'] : []), ...(halo ? ['halo'] : [])];
    const attributes = [
      `x="${round(x)}" y="${round(y)}" font-size="${size}" class="${classes.join(' ')}"`,
      ...(bold ? ['font-weight="600"'] : []),
      ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ];
    this.#parts.push(`<text ${attributes.join(' ')}>${escaped(content)}</text>`);
  }

  box({ x, y, width, height }: Area, style: BoxStyle = {}): void {
    const { tone = 'quiet', radius = 6 } = style;
    this.#parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}" class="area-${tone}"${stroke(style)}/>`,
    );
  }

  /** A box with a name and, below it, what more there is to say of it. */
  node(area: Area, name: string, { detail, ...style }: BoxStyle & { detail?: string }): void {
    this.box(area, style);
    const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
    const up = detail === undefined ? -4.5 : 3;
    this.text({ x: middle.x, y: middle.y - up }, name, {
      anchor: 'middle',
      bold: true,
      size: 12.5,
    });
    if (detail === undefined) return;
    this.text({ x: middle.x, y: middle.y + 13 }, detail, {
      anchor: 'middle',
      tone: 'quiet',
      size: 11,
    });
  }

  /** A rounded label, centred on a point. @returns its width */
  pill({ x, y }: Point, content: string, tone: Tone): number {
    const width = textWidth(content, 11.5) + 18;
    this.box({ x: x - width / 2, y: y - 10, width, height: 20 }, { tone, radius: 10 });
    this.text({ x, y: y + 4 }, content, { anchor: 'middle', size: 11.5, tone });
    return width;
  }

  dot({ x, y }: Point, tone: Tone, radius = 5): void {
    this.#parts.push(
      `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" class="solid-${tone}"/>`,
    );
  }

  line(points: readonly Point[], style: LineStyle = {}): void {
    this.#parts.push(
      `<path d="${path(points)}" class="line-${style.tone ?? 'quiet'}"${stroke(style)}/>`,
    );
  }

  arrow(points: readonly Point[], style: LineStyle = {}): void {
    const tip = points.at(-1);
    const before = points.at(-2);
    if (!tip || !before) return;
    const length = Math.hypot(tip.x - before.x, tip.y - before.y);
    const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
    const base = { x: tip.x - along.x * HEAD, y: tip.y - along.y * HEAD };
    const half = { x: along.y * (HEAD / 2), y: -along.x * (HEAD / 2) };
    this.line([...points.slice(0, -1), base], style);
    const head = [
      tip,
      { x: base.x + half.x, y: base.y + half.y },
      { x: base.x - half.x, y: base.y - half.y },
    ];
    this.#parts.push(
      `<path d="M${head.map(pair).join('L')}Z" class="solid-${style.tone ?? 'quiet'}"/>`,
    );
  }

  svg(): string {
    const size = `${PAGE_WIDTH} ${this.#height}`;
    return `${[
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${PAGE_WIDTH}" height="${this.#height}" role="img">`,
      `<title>${escaped(this.#title)}</title>`,
      `<desc>${escaped(this.#description)}</desc>`,
      `<style>${STYLE}</style>`,
      `<rect x="0.5" y="0.5" width="${PAGE_WIDTH - 1}" height="${this.#height - 1}" rx="8" class="ground"/>`,
      ...this.#parts,
      '</svg>',
    ].join('\n')}\n`;
  }
}

/** About how wide a text is; fonts differ, so a little more than most. */
export const textWidth = (text: string, size: number): number => text.length * size * 0.56;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function stroke({ dashed = false, width = 1.4 }: LineStyle): string {
  return ` stroke-width="${width}"${dashed ? ' stroke-dasharray="5 4"' : ''}`;
}

/** Straight from point to point, with the corners rounded. */
function path(points: readonly Point[]): string {
  const steps = points.map((point, place) => {
    const before = points[place - 1];
    const after = points[place + 1];
    if (!before) return `M${pair(point)}`;
    if (!after) return `L${pair(point)}`;
    return `L${pair(towards(point, before))}Q${pair(point)} ${pair(towards(point, after))}`;
  });
  return steps.join('');
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(ELBOW, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const pair = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

const round = (value: number): number => Math.round(value * 10) / 10;
