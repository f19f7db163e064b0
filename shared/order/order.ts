import { randomInt } from 'node:crypto';

import { ulid } from 'ulid';
import { $ZodCheckMaxLength, $ZodCheckMinLength } from 'zod/v4/core';
import * as z from 'zod/mini';

import { moneySchema } from './money.ts';

interface Checked {
  readonly value: unknown;
}

const hasALength = ({ value }: Checked): boolean =>
  typeof value === 'string' || Array.isArray(value);

/**
 * The length of a text or the number of a list's entries. Zod by itself measures whatever has a
 * `length`, even when the type is wrong, and JSON can give anything a `length`.
 */
export function lengthBetween(minimum: number, maximum: number) {
  return [
    new $ZodCheckMinLength({ check: 'min_length', minimum, when: hasALength }),
    new $ZodCheckMaxLength({ check: 'max_length', maximum, when: hasALength }),
  ] as const;
}

/**
 * Text of one line: no control characters, and none of those that an SQS message must not contain
 * (lone surrogates, U+FFFE, U+FFFF). Blanks around it are cut off before its length counts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function lineOfText(minLength: number, maxLength: number) {
  return z
    .string()
    .check(
      z.trim(),
      ...lengthBetween(minLength, maxLength),
      z.regex(/^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]*$/u),
    );
}

/** The officially assigned two-letter codes of ISO 3166-1. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR ' +
    'BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ ' +
    'EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW ' +
    'GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY ' +
    'KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV ' +
    'MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY ' +
    'QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG ' +
    'TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** `ORD-` and a ULID: unique, and sortable by the time the order was accepted. */
export const orderIdSchema = z.string().check(z.regex(/^ORD-[0-7][0-9A-HJKMNP-TV-Z]{25}$/));

/**
 * Follows an order through HTTP, message attributes and every hop. No `@` and no blanks, so that
 * an e-mail address or a name cannot be one.
 */
export const correlationIdSchema = z.string().check(z.regex(/^[\w.:=+/-]{1,128}$/));

/**
 * The versions of a message that this release reads: the one it writes (1, which has none before
 * it) and the one after, so that producers and consumers can be deployed one after the other. A version keeps each field of
 * the one before for as long as that is read, and gives no field another meaning.
 */
export const messageVersionSchema = z.literal([1, 2]);

export function newOrderId(now: Date): string {
  return `ORD-${ulid(now.getTime(), randomFraction)}`;
}

const RANDOM_VALUES = 2 ** 47;

/** The package's own source of chance asks the system for each of the sixteen characters. */
const randomFraction = (): number => randomInt(RANDOM_VALUES) / RANDOM_VALUES;

/** Each command is given once per order, so repeating one repeats its id. */
export function messageId(
  orderId: string,
  message: 'Intake' | 'Cancel' | 'Verdict' | 'Dispatch',
): string {
  return `${orderId}:${message}`;
}

export const MAX_LINES = 50;
export const MAX_QUANTITY = 1_000;

/**
 * The subject of a customer's tokens: a UUID of Cognito, or what another issuer gives, such as
 * `auth0|5f7c8ec7`. No `@` and no blanks, so that an e-mail address or a name cannot be one.
 */
export const customerIdSchema = z.string().check(z.regex(/^[\w.:|-]{1,128}$/));

export const customerSchema = z.object({
  id: customerIdSchema,
  name: lineOfText(1, 100),
  email: z.email().check(...lengthBetween(0, 254)),
});
export type Customer = z.infer<typeof customerSchema>;

export const addressSchema = z.object({
  line1: lineOfText(1, 200),
  line2: z.optional(lineOfText(1, 200)),
  city: lineOfText(1, 100),
  postalCode: lineOfText(1, 20),
  /** ISO 3166-1 alpha-2. */
  country: z
    .string()
    .check(z.refine(isCountry, { params: { rule: 'country' }, error: 'is no ISO 3166-1 country' })),
});
export type Address = z.infer<typeof addressSchema>;

export const quantitySchema = z.int().check(z.gte(1), z.lte(MAX_QUANTITY));

export const orderLineSchema = z.object({
  productId: z.string(),
  /** The product's name when the order was placed. */
  product: z.string(),
  quantity: quantitySchema,
  unitPrice: moneySchema,
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** An order as the customer placed it. Nothing in it changes afterwards; its state is kept apart. */
export const orderSchema = z.object({
  orderId: orderIdSchema,
  customer: customerSchema,
  address: addressSchema,
  lines: z.array(orderLineSchema).check(...lengthBetween(1, MAX_LINES)),
  total: moneySchema,
  placedAt: z.iso.datetime(),
});
export type Order = z.infer<typeof orderSchema>;
