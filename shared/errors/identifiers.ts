/** What an error or a log line is about: ids only, never personal data. */
export type Identifiers = Readonly<Record<string, string | number>>;
