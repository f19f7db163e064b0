import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';

import { PermanentError } from '../../../shared/errors.ts';
import { fieldErrors } from '../../../shared/field-errors.ts';
import { HttpProblem } from '../../../shared/http/problem.ts';
import { type Customer, customerIdSchema, customerSchema } from '../../../shared/order/order.ts';

/** The part of `requestContext` that the HTTP API's JWT authorizer adds when it has taken a token. */
const authorizedContextSchema = z.object({
  authorizer: z.object({ jwt: z.object({ claims: z.record(z.string(), z.unknown()) }) }),
});

/** OpenID Connect Core 1.0, section 5.1. */
const subjectClaims = z.object({ sub: customerIdSchema });
const customerClaims = z.object({
  sub: customerIdSchema,
  name: customerSchema.shape.name,
  email: customerSchema.shape.email,
  /** The HTTP API hands claims on as text. */
  email_verified: z.union([z.boolean(), z.enum(['true', 'false'])]),
});

/** A route that needs a caller let a request through without a token: a mistake in the template. */
export class MissingClaimsError extends PermanentError {
  override readonly name = 'MissingClaimsError';
}

/**
 * The id of the customer who calls: the subject of the token.
 *
 * @throws MissingClaimsError when no authorizer stands before the route
 * @throws HttpProblem 403 when the subject can't be a customer's id
 */
export function callingCustomerId(event: APIGatewayProxyEventV2): string {
  return claimsOf(event, subjectClaims).sub;
}

/**
 * Who calls, in full, as an order needs it. An access token doesn't tell and is refused. So is an
 * address that isn't verified: the mails about an order would go to whomever the caller named.
 *
 * @throws MissingClaimsError when no authorizer stands before the route
 * @throws HttpProblem 403 that names each claim that is missing or wrong
 */
export function callingCustomer(event: APIGatewayProxyEventV2): Customer {
  const { sub, name, email, email_verified: verified } = claimsOf(event, customerClaims);
  if (String(verified) === 'true') return { id: sub, name, email };
  throw new HttpProblem('email-not-verified', 'Verify the e-mail address and sign in again', {
    errors: [{ field: 'email_verified', rule: 'allowed-values', detail: 'must be true' }],
  });
}

function claimsOf<Schema extends z.ZodMiniType>(
  { requestContext, routeKey }: APIGatewayProxyEventV2,
  schema: Schema,
): z.output<Schema> {
  const context = z.safeParse(authorizedContextSchema, requestContext);
  if (!context.success) {
    throw new MissingClaimsError('The route has no authorizer: the event has no claims', {
      route: routeKey,
    });
  }
  const { claims } = context.data.authorizer.jwt;
  const result = z.safeParse(schema, claims, { reportInput: true });
  if (result.success) return result.data;
  throw new HttpProblem(
    'identity-incomplete',
    'The token does not say enough of who calls; an ID token does. See errors for the claims',
    { errors: fieldErrors(result.error.issues) },
  );
}
