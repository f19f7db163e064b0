import * as z from 'zod/mini';

/** A rule that an order broke, in words for the fraud desk and the customer. */
export const brokenRuleSchema = z.object({ rule: z.string(), reason: z.string() });
export type BrokenRule = z.infer<typeof brokenRuleSchema>;

/** A state together with what there is to say about how it was reached. */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('Placed') }),
  z.object({ state: z.literal('Approved') }),
  z.object({ state: z.literal('Declined'), reasons: z.array(brokenRuleSchema) }),
  z.object({ state: z.literal('Cancelled'), reason: z.string() }),
  z.object({ state: z.literal('Shipped'), trackingNumber: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;
