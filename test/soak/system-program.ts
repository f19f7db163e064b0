import { parseArgs } from 'node:util';
import { startSystem } from 'template-runtime/system';
import { impatientTemplate } from '../end-to-end/running-service.ts';
import { packagedService } from '../template/packaged-template.ts';

/** Runs the packaged service in a process of its own, to be killed; prints its address. */
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '' },
    'max-receive-count': { type: 'string', default: '5' },
  },
});
const { codeFolder } = await packagedService();
const system = await startSystem({
  template: await impatientTemplate({ maxReceiveCount: Number(values['max-receive-count']) }),
  codeFolder,
  port: 0,
  anyPortIfTaken: true,
  runEventSources: true,
  dataDir: values['data-dir'],
  retryDelaySeconds: [1, 2],
});
console.log(system.url);
