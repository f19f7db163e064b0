/** What a colour stands for, the same in every picture. */
export type Tone = 'ink' | 'quiet' | 'blue' | 'green' | 'red' | 'amber' | 'violet';

type Colours = Record<Tone | 'ground' | 'border', string> & {
  readonly tints: Record<Tone, string>;
};

const LIGHT: Colours = {
  ground: '#ffffff',
  border: '#d1d9e0',
  ink: '#1f2328',
  quiet: '#59636e',
  blue: '#0969da',
  green: '#1a7f37',
  red: '#cf222e',
  amber: '#9a6700',
  violet: '#8250df',
  tints: {
    ink: '#f6f8fa',
    quiet: '#f6f8fa',
    blue: '#ddf4ff',
    green: '#dafbe1',
    red: '#ffebe9',
    amber: '#fff8c5',
    violet: '#fbefff',
  },
};

const DARK: Colours = {
  ground: '#0d1117',
  border: '#3d444d',
  ink: '#f0f6fc',
  quiet: '#9198a1',
  blue: '#4493f8',
  green: '#3fb950',
  red: '#f85149',
  amber: '#d29922',
  violet: '#ab7df8',
  tints: {
    ink: '#151b23',
    quiet: '#151b23',
    blue: '#111d2e',
    green: '#12261e',
    red: '#25171c',
    amber: '#272115',
    violet: '#1f1830',
  },
};

const TONES = Object.keys(LIGHT.tints);

/** The style of every picture: light, and dark where the reader prefers it. */
export const STYLE = [
  `svg{${variables(LIGHT)}font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}`,
  `@media (prefers-color-scheme:dark){svg{${variables(DARK)}}}`,
  '.ground{fill:var(--ground);stroke:var(--border)}',
  '.halo{stroke:var(--ground);stroke-width:5px;stroke-linejoin:round;paint-order:stroke}',
  '.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}',
  ...TONES.flatMap((tone) => [
    `.text-${tone},.solid-${tone}{fill:var(--${tone})}`,
    `.line-${tone}{fill:none;stroke:var(--${tone})}`,
    `.area-${tone}{fill:var(--${tone}-tint);stroke:var(--${tone})}`,
  ]),
].join('\n');

function variables({ tints, ...colours }: Colours): string {
  return [
    ...Object.entries(colours).map(([name, colour]) => `--${name}:${colour};`),
    ...Object.entries(tints).map(([name, colour]) => `--${name}-tint:${colour};`),
  ].join('');
}
