/**
 * What every AWS client of a function is made with. The handler of the SDK keeps connections alive
 * by default; the timeouts are far below the functions' own, so that a hanging call becomes a
 * failure that can be retried and reported while the function still runs.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-reusing-connections.html
 */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 },
};
