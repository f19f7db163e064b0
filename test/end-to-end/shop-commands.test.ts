import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { runningService, temporaryFolder, type RunningService } from './running-service.ts';

const SHOP = join(import.meta.dirname, '..', '..', 'shop');

let service: RunningService;

beforeAll(async () => {
  service = await runningService();
}, PACKAGING_TIMEOUT_MS);

afterAll(async () => {
  await service[Symbol.asyncDispose]();
});

const run = (command: string, args: string[], options: { url?: string; cwd?: string } = {}) => {
  const { AWS_ENDPOINT_URL: _, ...environment } = process.env;
  const { url = service.system.url, cwd } = options;
  return promisify(execFile)(process.execPath, [join(SHOP, `${command}.ts`), ...args], {
    env: { ...environment, NODE_OPTIONS: '', ...(url !== '' && { AWS_ENDPOINT_URL: url }) },
    ...(cwd === undefined ? {} : { cwd }),
  });
};

describe('The command', () => {
  it('token prints a token that the API takes', async () => {
    const { stdout } = await run('token', ['--customer', 'customer-7']);

    const response = await fetch(`${service.system.url}/orders`, {
      headers: { authorization: `Bearer ${stdout.trim()}` },
    });
    expect(response.status).toBe(200);
  });

  it.each([
    ['4', /^ORD-\w+ of customer-8: accepted\n.*Placed\n.*Approved\n.*Shipped \(TRK-\w+\)\n$/],
    ['250', /accepted\n.*Placed\n.*Declined \(250 pieces are more than 200\)\n$/],
  ])('order tells what becomes of %s pencils', async (pencils, told) => {
    const { stdout } = await run('order', ['--pencils', pencils, '--customer', 'customer-8']);

    expect(stdout).toMatch(told);
  });

  it('order fails with the reason when the order is refused', async () => {
    await expect(run('order', ['--pencils', '1.5'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/refused \(400\)[^]*must be a whole number/),
    });
  });

  it.each(['token', 'order'])('%s says so when no system runs', async (command) => {
    await using folder = await temporaryFolder();

    await expect(run(command, [], { url: '', cwd: folder.path })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No local system runs in this folder .*npm start/),
    });
  });
});
