import { parseArgs } from 'node:util';
import { CustomerTokens } from './customer-tokens.ts';
import { localSystemUrl } from './local-system.ts';

const USAGE = `Usage: npm run -s token -- --customer <id>

Prints an ID token of a customer (customer-1 unless given), good for an hour, from the local system
that AWS_ENDPOINT_URL names or that npm start runs in this folder. Send it as
  authorization: Bearer <token>`;

try {
  const { values } = parseArgs({
    options: {
      customer: { type: 'string', default: 'customer-1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else console.log(await new CustomerTokens(await localSystemUrl()).of(values.customer));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
