import { PAGE_WIDTH, type Drawing } from './drawing.ts';

const RIGHT = PAGE_WIDTH - 30;

/** Seconds from left to right. */
export class TimeAxis {
  readonly #left: number;
  readonly #seconds: number;

  constructor(left: number, seconds: number) {
    this.#left = left;
    this.#seconds = seconds;
  }

  x(second: number): number {
    return this.#left + (second / this.#seconds) * (RIGHT - this.#left);
  }

  /** The axis below what it measures, with a faint line upwards at each mark. */
  draw(
    drawing: Drawing,
    { top, bottom, every }: { top: number; bottom: number; every: number },
  ): void {
    for (let second = 0; second <= this.#seconds; second += every) {
      const x = this.x(second);
      drawing.line(
        [
          { x, y: top },
          { x, y: bottom },
        ],
        { tone: 'quiet', width: 0.3 },
      );
      drawing.text({ x, y: bottom + 17 }, `${second} s`, {
        tone: 'quiet',
        size: 11,
        anchor: 'middle',
      });
    }
  }
}
