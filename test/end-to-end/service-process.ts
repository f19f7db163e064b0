import { impatientTemplate, runningService } from './running-service.ts';

/** Runs the service in a process of its own, to be killed: `node service-process.ts <data folder>`. */
const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('Give the data folder');
const { system } = await runningService({
  dataDir,
  template: await impatientTemplate({ maxReceiveCount: 5 }),
});
console.log(system.url);
