import { read, readSync, writeSync } from 'node:fs';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import type { EnvironmentReport } from './protocol.ts';

const DESCRIPTOR = 3;
const READ_BYTES = 64 * 1024;

/**
 * The environment's end of the connection to the process that started it. Everything is written at
 * once and in order, so nothing is lost when the handler ends the process. When the other process
 * is gone, this one ends.
 */
export class Channel {
  readonly #reader = new FrameReader();

  report(report: EnvironmentReport, text?: string): void {
    const frame = encodeFrame(report, text);
    try {
      for (let written = 0; written < frame.length;) {
        written += writeSync(DESCRIPTOR, frame, written);
      }
    } catch {
      process.exit(0);
    }
  }

  /**
   * Waits for the next frame and lets nothing else run meanwhile: no timer, no answer from the
   * network. This is how Lambda freezes an environment between two events.
   */
  receiveFrozen(): Frame {
    for (;;) {
      const frame = this.#reader.next();
      if (frame) return frame;
      const piece = Buffer.allocUnsafe(READ_BYTES);
      this.#take(piece, readSync(DESCRIPTOR, piece));
    }
  }

  /** Waits for the next frame while everything goes on, as a debugger needs it. */
  async receive(): Promise<Frame> {
    for (;;) {
      const frame = this.#reader.next();
      if (frame) return frame;
      const piece = Buffer.allocUnsafe(READ_BYTES);
      const length = await new Promise<number>((resolve, reject) => {
        read(DESCRIPTOR, piece, 0, READ_BYTES, null, (error, bytes) =>
          error ? reject(error) : resolve(bytes),
        );
      });
      this.#take(piece, length);
    }
  }

  #take(piece: Buffer, length: number): void {
    if (length === 0) process.exit(0);
    this.#reader.add(piece.subarray(0, length));
  }
}
