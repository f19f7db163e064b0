import * as z from 'zod/mini';

import { queueFunction } from '../../../shared/middleware/queue-function.ts';

const messageSchema = z.object({
  name: z.string(),
  does: z.enum(['work', 'throw', 'end the process']),
});

/** Does what a message says; the line in the function's log tells which one was worked. */
export const handler = queueFunction(() => undefined, {
  schema: messageSchema,
  work: async ({ name, does }) => {
    if (does === 'end the process') process.exit(1);
    if (does === 'throw') throw new Error(`${name} can't be worked`);
    console.log(`worked ${name}`);
    return undefined;
  },
  deliver: async () => [],
});
