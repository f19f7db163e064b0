import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { formatHop, type Hop, type ShortNames } from 'template-runtime/activity';
import type { Answer } from './shop.ts';

type Style = Parameters<typeof styleText>[0];

const OFFSET_WIDTH = 9;

export interface NarratorOptions {
  readonly colour: boolean;
  /** Waits for Enter before each step. */
  readonly pace: boolean;
  readonly write: (line: string) => void;
}

/** Tells a lab on the terminal, and keeps count of what did not turn out as it should. */
export class Narrator {
  readonly #options: NarratorOptions;
  readonly #failures: string[] = [];
  #steps = 0;
  #checks = 0;

  constructor(options: NarratorOptions) {
    this.#options = options;
  }

  get failures(): readonly string[] {
    return this.#failures;
  }

  get checks(): number {
    return this.#checks;
  }

  /** Opens a step of the lab. */
  async step(title: string, explanation: string): Promise<void> {
    if (this.#options.pace) await this.#enter();
    this.#steps += 1;
    this.say('');
    this.say(this.#paint('bold', `${this.#steps}. ${title}`));
    for (const line of explanation.split('\n')) this.say(this.#paint('gray', `   ${line}`));
  }

  say(line: string): void {
    this.#options.write(line);
  }

  heading(text: string): void {
    this.say(this.#paint('bold', text));
  }

  request(what: string, answer: Answer): void {
    const status = this.#paint(answer.status < 400 ? 'green' : 'yellow', String(answer.status));
    this.say(`   → ${what}   ${status}   ${Math.round(answer.durationMs)} ms`);
  }

  /** Tells an order's way, with the milliseconds since `start`. */
  journey(
    hops: readonly Hop[],
    start: number,
    { names, quiet = false }: { names: ShortNames; quiet?: boolean },
  ): void {
    for (const hop of hops) {
      if (hop.tone === 'quiet' && !quiet) continue;
      const offset = `+${hop.at - start} ms`.padStart(OFFSET_WIDTH);
      const style = { colour: this.#options.colour, names, showSubject: false };
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

  /** The lab could not go on. After a check that failed this is often what follows from it. */
  breakOff(error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#failures.push(`The lab broke off: ${reason}`);
  }

  async #enter(): Promise<void> {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      await terminal.question(this.#paint('gray', '\n   Enter goes on. '));
    } finally {
      terminal.close();
    }
  }

  #paint(style: Style, text: string): string {
    return this.#options.colour ? styleText(style, text, { validateStream: false }) : text;
  }
}
