import { Drawing } from '../drawing.ts';
import { TimeAxis } from '../time-axis.ts';

interface Request {
  readonly from: number;
  readonly until: number;
  /** When the message that it returns was sent; without one the answer is empty. */
  readonly sentAt?: number;
}

const SECONDS = 60;
const SENT_AT = [6, 13, 40];
const SHORT_EVERY = 5;
const LONG_WAIT = 20;
const LEFT = 130;

/** Asks and is answered at once, again and again. */
function shortPolling(): readonly Request[] {
  const waiting = [...SENT_AT];
  return Array.from({ length: SECONDS / SHORT_EVERY }, (_, place) => {
    const from = place * SHORT_EVERY;
    const [next] = waiting;
    if (next === undefined || next > from) return { from, until: from };
    waiting.shift();
    return { from, until: from, sentAt: next };
  });
}

/** Asks once and waits, until there is a message or the time is up. */
function longPolling(): readonly Request[] {
  const requests: Request[] = [];
  const waiting = [...SENT_AT];
  for (let from = 0; from < SECONDS;) {
    const [next] = waiting;
    const until = Math.min(from + LONG_WAIT, SECONDS);
    if (next !== undefined && next <= until) {
      requests.push({ from, until: Math.max(from, next), sentAt: next });
      waiting.shift();
    } else {
      requests.push({ from, until });
    }
    from = requests.at(-1)?.until ?? SECONDS;
  }
  return requests;
}

/** The same minute, three messages: how many requests it takes, and how long each message waits. */
export function polling(): string {
  const short = shortPolling();
  const long = longPolling();
  const bottom = 256;
  const drawing = new Drawing(
    bottom + 32,
    'Short polling against long polling: one minute, three messages',
    `${summary('Short polling', short)} ${summary('Long polling', long)}`,
  );
  const axis = new TimeAxis(LEFT, SECONDS);
  axis.draw(drawing, { top: 96, bottom, every: 10 });
  drawing.text({ x: 20, y: 76 }, 'sent', { size: 12, tone: 'quiet' });
  for (const sent of SENT_AT) {
    drawing.dot({ x: axis.x(sent), y: 72 }, 'violet');
    drawing.line(
      [
        { x: axis.x(sent), y: 78 },
        { x: axis.x(sent), y: bottom },
      ],
      { tone: 'violet', dashed: true, width: 1 },
    );
  }
  drawRequests(drawing, axis, short, { title: `Short: asks every ${SHORT_EVERY} s`, y: 110 });
  drawRequests(drawing, axis, long, { title: `Long: waits up to ${LONG_WAIT} s`, y: 188 });
  return drawing.svg();
}

function drawRequests(
  drawing: Drawing,
  axis: TimeAxis,
  requests: readonly Request[],
  { title, y }: { title: string; y: number },
): void {
  drawing.text({ x: 20, y: y + 8 }, title, { bold: true, size: 12.5, halo: true });
  drawing.text({ x: 230, y: y + 8 }, summary('', requests).trim(), {
    size: 12,
    tone: 'quiet',
    halo: true,
  });
  drawing.text({ x: 20, y: y + 38 }, 'requests', { size: 12, tone: 'quiet' });
  for (const { from, until, sentAt } of requests) {
    const tone = sentAt === undefined ? 'quiet' : 'green';
    const width = Math.max(10, axis.x(until) - axis.x(from) - 3);
    drawing.box({ x: axis.x(from), y: y + 25, width, height: 18 }, { tone, radius: 3 });
    if (width < 60) continue;
    drawing.text({ x: axis.x(from) + 8, y: y + 38 }, sentAt === undefined ? 'empty' : 'message', {
      size: 11,
      tone,
    });
  }
}

function summary(name: string, requests: readonly Request[]): string {
  const empty = requests.filter(({ sentAt }) => sentAt === undefined).length;
  const longest = Math.max(
    ...requests.flatMap(({ until, sentAt }) => (sentAt === undefined ? [] : [until - sentAt])),
  );
  const waits = longest === 0 ? 'no message waits' : `a message waits up to ${longest} s`;
  return `${name} ${requests.length} requests, ${empty} of them empty; ${waits}.`;
}
