import { parseArgs } from 'node:util';
import { startSystem } from 'template-runtime/system';
import { parseTemplate, type Template } from 'template-runtime/template';
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
const impatient = await impatientTemplate({ maxReceiveCount: Number(values['max-receive-count']) });
const system = await startSystem({
  template: withPatientMails(parseTemplate(impatient)),
  codeFolder,
  port: 0,
  anyPortIfTaken: true,
  runEventSources: true,
  dataDir: values['data-dir'],
  retryDelaySeconds: [1, 2],
});
console.log(system.url);
// It does not outlive the process that started it.
process.stdin.once('end', () => process.exit()).resume();

/** A notification is tried three times only: none of them may fail because the machine is busy. */
function withPatientMails(template: Template): Template {
  const patient = Object.entries(template.Resources).map(([logicalId, resource]) =>
    logicalId.startsWith('EmailCustomers') && resource.Type === 'AWS::Lambda::Function'
      ? [logicalId, { ...resource, Properties: { ...resource.Properties, Timeout: 10 } }]
      : [logicalId, resource],
  );
  return { ...template, Resources: Object.fromEntries(patient) };
}
