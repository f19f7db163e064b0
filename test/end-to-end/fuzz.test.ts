import { describe, expect, it } from '@jest/globals';
import { runFuzz } from '../fuzz/run-fuzz.ts';
import { PACKAGING_TIMEOUT_MS } from '../template/packaged-template.ts';
import { runningService } from './running-service.ts';

// `npm run fuzz` sends more of them, and tells what it sent.
const REQUESTS = 2_000;

describe('Broken requests', () => {
  it.each(['http', 'aws'] as const)(
    'to %s are refused and break nothing',
    async (target) => {
      await using service = await runningService({ runEventSources: false });

      const { findings } = await runFuzz(service.system, { requests: REQUESTS, seed: 1, target });

      expect(findings).toEqual([]);
    },
    PACKAGING_TIMEOUT_MS,
  );
});
