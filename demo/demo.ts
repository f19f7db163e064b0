import { join } from 'node:path';
import { ensurePackaged } from 'template-runtime/package';
import { compileCacheOf, openPackage } from 'template-runtime/package';
import { ShortNames } from 'template-runtime/activity';
import { startSystem } from 'template-runtime/system';
import { Journeys } from './journey.ts';
import { Narrator } from './narrator.ts';
import { scenarios } from './scenarios.ts';
import { Shop } from './shop.ts';

/** What every physical name of the packaged template begins with. */
const NAME_PREFIX = 'order-messaging-dev-';

const serviceFolder = join(import.meta.dirname, '..');

/**
 * The demo: a system of its own, orders over real HTTP, and what became of each.
 *
 * @returns the exit code: 0 when everything turned out as it should
 */
async function demo(): Promise<number> {
  const started = performance.now();
  await ensurePackaged(serviceFolder);
  const names = new ShortNames(NAME_PREFIX);
  const system = await startSystem({
    ...(await openPackage(serviceFolder)),
    port: 0,
    anyPortIfTaken: true,
    runEventSources: true,
    compileCacheFolder: compileCacheOf(serviceFolder),
  });
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const narrator = new Narrator({ colour, names });
  const journeys = new Journeys(system.activity, names);
  try {
    narrator.say(
      `The packaged service runs at ${system.url}: ${system.resources.length} resources, no AWS account.`,
    );
    const stage = {
      shop: new Shop(system.url),
      journeys,
      narrator,
      system,
      holdBack: async (functionKey: string) => {
        const mappings = system.eventSources.ofFunction(`${NAME_PREFIX}${functionKey}`);
        await Promise.all(mappings.map((mapping) => system.eventSources.pause(mapping)));
        return () => mappings.forEach((mapping) => system.eventSources.resume(mapping));
      },
    };
    for (const scenario of scenarios) await scenario(stage);
  } finally {
    journeys.close();
    await system.stop();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  narrator.say('');
  narrator.say(
    narrator.failures.length === 0
      ? `All ${narrator.checks} checks hold (${seconds} s). Next: npm start, and place an order yourself.`
      : `${narrator.failures.length} of ${narrator.checks} checks failed:\n${narrator.failures.map((failure) => `  ${failure}`).join('\n')}`,
  );
  return narrator.failures.length === 0 ? 0 : 1;
}

process.exitCode = await demo();
