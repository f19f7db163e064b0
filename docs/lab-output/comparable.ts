/** A line that tells one hop of an order: milliseconds, from → to, what happened. */
const HOP = /^\s*\+\d+ ms {2}/;
/**
 * Hops that are there or not by a matter of milliseconds: when a batch is done, and whether two
 * messages shared one; and the timeline, which gathers events for a second before it writes.
 */
const BY_CHANCE = /\bhandled\b|\brecordTimeline\b/;

/**
 * A lab's output without what differs from one run to the next: ids, durations, the counts that
 * follow from them, and the order of neighbouring lines that tell of the same thing.
 */
export function comparable(output: string): string {
  const groups: { topic: string; lines: Set<string> }[] = [];
  for (const line of withoutIds(output).split('\n')) {
    if (HOP.test(line) && BY_CHANCE.test(line)) continue;
    const topic = topicOf(line);
    const last = groups.at(-1);
    const group = last?.topic === topic ? last : { topic, lines: new Set<string>() };
    if (group !== last) groups.push(group);
    group.lines.add(withoutTimes(line));
  }
  return groups
    .flatMap(({ lines }) => [...lines].toSorted((left, right) => left.localeCompare(right)))
    .join('\n')
    .trim();
}

/** The output with the ids of one run shortened. */
export const withoutIds = (output: string): string =>
  output
    .replaceAll(/\bORD-[0-9A-Z]{26}\b/g, 'ORD-…')
    .replaceAll(/…[0-9A-Z]{8}\b/g, '…')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '…');

const topicOf = (line: string): string =>
  HOP.test(line) ? 'hop' : (line.trim().split(' ', 1)[0] ?? '');

const withoutTimes = (line: string): string =>
  line
    .replace(HOP, '')
    .replaceAll(/\b\d+(?:\.\d+)? (?<unit>ms|s|calls)\b/g, '… $<unit>')
    .replaceAll(/[▁▂▃▄▅▆▇█][▁▂▃▄▅▆▇█ ]* (?<count>\d+)/g, '▇ …')
    .replace(/^(?<who>\s*worker) \d:/, '$<who>:')
    .replaceAll(/\s+/g, ' ')
    .trim();
