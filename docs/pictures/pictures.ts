import { deadLetterLoop } from './patterns/dead-letter-loop.ts';
import { fifoLanes } from './patterns/fifo-lanes.ts';
import { filterSieve } from './patterns/filter-sieve.ts';
import { outbox } from './patterns/outbox.ts';
import { polling } from './patterns/polling.ts';
import { visibilityTimeout } from './patterns/visibility-timeout.ts';

/** SVG by the name of its file. */
export type Pictures = ReadonlyMap<string, string>;

/** The pictures of the patterns; each is drawn from data alone, and the same every time. */
export function patternPictures(): Pictures {
  return new Map([
    ['visibility-timeout', visibilityTimeout()],
    ['polling', polling()],
    ['fifo-lanes', fifoLanes()],
    ['filter-sieve', filterSieve()],
    ['dead-letter-loop', deadLetterLoop()],
    ['outbox', outbox()],
  ]);
}
