/**
 * Messages on a byte stream: four bytes of length, a line of JSON, and for the larger part of a
 * message, such as an event, its text as it is, which so needs no quoting.
 */
export interface Frame {
  header: unknown;
  text: string;
}

const LENGTH_BYTES = 4;

export function encodeFrame(header: object, text?: string): Buffer {
  const body = text === undefined ? JSON.stringify(header) : `${JSON.stringify(header)}\n${text}`;
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(body));
  frame.writeUInt32BE(frame.length - LENGTH_BYTES);
  frame.write(body, LENGTH_BYTES);
  return frame;
}

/** Puts frames together from whatever pieces a stream gives. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #bytes = 0;

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** @returns the next frame, or undefined until all of it is there */
  next(): Frame | undefined {
    const [first] = this.#pieces;
    if (first === undefined || this.#bytes < LENGTH_BYTES) return undefined;
    if (first.length < LENGTH_BYTES) this.#join();
    const length = LENGTH_BYTES + (this.#pieces[0]?.readUInt32BE() ?? 0);
    if (this.#bytes < length) return undefined;
    const all = this.#join();
    this.#bytes -= length;
    this.#pieces = this.#bytes === 0 ? [] : [all.subarray(length)];
    const body = all.toString('utf8', LENGTH_BYTES, length);
    const headerEnd = body.indexOf('\n');
    return headerEnd < 0
      ? { header: JSON.parse(body) as unknown, text: '' }
      : {
          header: JSON.parse(body.slice(0, headerEnd)) as unknown,
          text: body.slice(headerEnd + 1),
        };
  }

  #join(): Buffer {
    const [only] = this.#pieces;
    const all = only && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
