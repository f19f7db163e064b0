import { JsonSyntaxError } from './errors.ts';

/**
 * A JSON value that knows where it was read: `at` is how many characters of the source had been
 * read when a streaming reader reports the value (a string counts up to its opening quote).
 */
export type JsonNode =
  | { kind: 'string'; value: string; at: number; end: number }
  | { kind: 'number'; value: number; at: number; end: number }
  | { kind: 'literal'; value: boolean | null; at: number; end: number }
  | { kind: 'array'; items: JsonNode[]; at: number; end: number }
  | { kind: 'object'; members: JsonMember[]; at: number; end: number };

export interface JsonMember {
  name: string;
  value: JsonNode;
}

const STRING = /"(?:[^"\\]+|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const WHITESPACE = /[ \t\r\n]*/y;
const DEEPEST = 1000;

/** @throws JsonSyntaxError */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.value(0);
  reader.expectEnd();
  return node;
}

class JsonReader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new JsonSyntaxError(`JSON is nested deeper than ${DEEPEST} levels`);
    this.#skip();
    const start = this.#offset;
    const first = this.#text[start];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') {
      return { kind: 'string', value: this.#string(), at: start + 1, end: this.#offset };
    }
    const literal = this.#take(LITERAL);
    if (literal !== undefined) {
      const value = literal === 'null' ? null : literal === 'true';
      return { kind: 'literal', value, at: this.#offset, end: this.#offset };
    }
    const number = this.#take(NUMBER);
    if (number === undefined) throw this.#unexpected();
    return { kind: 'number', value: Number(number), at: this.#offset, end: this.#offset };
  }

  expectEnd(): void {
    this.#skip();
    if (this.#offset < this.#text.length) throw this.#unexpected();
  }

  #object(depth: number): JsonNode {
    const at = ++this.#offset;
    const members: JsonMember[] = [];
    while (!this.#closes('}', members.length)) {
      this.#skip();
      const name = this.#string();
      this.#expect(':');
      members.push({ name, value: this.value(depth + 1) });
    }
    return { kind: 'object', members, at, end: this.#offset };
  }

  #array(depth: number): JsonNode {
    const at = ++this.#offset;
    const items: JsonNode[] = [];
    while (!this.#closes(']', items.length)) items.push(this.value(depth + 1));
    return { kind: 'array', items, at, end: this.#offset };
  }

  /** True at the closing bracket; otherwise steps over the comma before another element. */
  #closes(bracket: string, count: number): boolean {
    this.#skip();
    if (this.#text[this.#offset] === bracket) {
      this.#offset++;
      return true;
    }
    if (count > 0) this.#expect(',');
    return false;
  }

  #string(): string {
    const quoted = this.#take(STRING);
    if (quoted === undefined) throw this.#unexpected();
    try {
      const value: unknown = JSON.parse(quoted);
      return String(value);
    } catch (error) {
      throw new JsonSyntaxError(`Malformed string ${quoted}`, { cause: error });
    }
  }

  #expect(character: string): void {
    this.#skip();
    if (this.#text[this.#offset] !== character) throw this.#unexpected();
    this.#offset++;
  }

  #skip(): void {
    this.#take(WHITESPACE);
  }

  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#offset;
    const match = expression.exec(this.#text)?.[0];
    if (match !== undefined) this.#offset += match.length;
    return match;
  }

  #unexpected(): JsonSyntaxError {
    const found = this.#text[this.#offset] ?? 'end of text';
    return new JsonSyntaxError(`Unexpected ${found} at offset ${this.#offset}`);
  }
}
