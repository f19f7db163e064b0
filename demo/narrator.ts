import { styleText } from 'node:util';
import { formatHop } from 'template-runtime/activity';
import type { Hop } from 'template-runtime/activity';
import type { ShortNames } from 'template-runtime/activity';
import type { Answer } from './shop.ts';

type Style = Parameters<typeof styleText>[0];

const OFFSET_WIDTH = 9;

/** Tells the demo on the terminal, and keeps count of what did not turn out as it should. */
export class Narrator {
  readonly #colour: boolean;
  readonly #names: ShortNames;
  readonly #failures: string[] = [];
  #scenarios = 0;
  #checks = 0;

  constructor(options: { colour: boolean; names: ShortNames }) {
    this.#colour = options.colour;
    this.#names = options.names;
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  get checks(): number {
    return this.#checks;
  }

  /** Opens a scenario. */
  scenario(title: string, explanation: string): void {
    this.#scenarios += 1;
    this.say('');
    this.say(this.#paint('bold', `${this.#scenarios}. ${title}`));
    for (const line of explanation.split('\n')) this.say(this.#paint('gray', `   ${line}`));
  }

  say(line: string): void {
    console.log(line);
  }

  request(what: string, answer: Answer): void {
    const status = this.#paint(answer.status < 400 ? 'green' : 'yellow', String(answer.status));
    this.say(`   → ${what}   ${status}   ${Math.round(answer.durationMs)} ms`);
  }

  /** Tells an order's way, with the milliseconds since `start`. */
  journey(hops: readonly Hop[], start: number, { quiet }: { quiet: boolean }): void {
    for (const hop of hops) {
      if (hop.tone === 'quiet' && !quiet) continue;
      const offset = `+${hop.at - start} ms`.padStart(OFFSET_WIDTH);
      const style = { colour: this.#colour, names: this.#names, showSubject: false };
      this.say(`   ${formatHop(hop, offset, style)}`);
    }
  }

  /** Compares what came out with what should have. */
  check(claim: string, actual: unknown, expected: unknown): void {
    this.#checks += 1;
    if (JSON.stringify(actual) === JSON.stringify(expected)) {
      this.say(`   ${this.#paint('green', '✓')} ${claim}`);
      return;
    }
    const difference = `${claim}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
    this.#failures.push(difference);
    this.say(`   ${this.#paint('red', '✗')} ${difference}`);
  }

  #paint(style: Style, text: string): string {
    return this.#colour ? styleText(style, text, { validateStream: false }) : text;
  }
}
