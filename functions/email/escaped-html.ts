/** HTML that is safe as it stands. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Insertion = string | Html | readonly Html[];

/**
 * A template for HTML: what is inserted is escaped, unless a template made it.
 *
 * @example html`<p>Dear ${customer.name},</p>`
 */
export function html(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  return new Html(String.raw({ raw: parts }, ...insertions.map((each) => safe(each))));
}

function safe(insertion: Insertion): string {
  if (typeof insertion === 'string') return escapeHtml(insertion);
  return insertion instanceof Html ? String(insertion) : insertion.map(String).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in text and in quoted attributes, not in scripts, styles or unquoted attributes. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
