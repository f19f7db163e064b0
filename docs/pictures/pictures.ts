/** SVG by the name of its file. */
export type Pictures = ReadonlyMap<string, string>;

/** The pictures of the patterns; each is drawn from data alone, and the same every time. */
export function patternPictures(): Pictures {
  return new Map();
}
