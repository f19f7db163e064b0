import { parseArgs } from 'node:util';
import { startSystem } from 'template-runtime/system';
import {
  isTemplateObject,
  parseTemplate,
  type Template,
  type TemplateValue,
} from 'template-runtime/template';
import { impatientTemplate } from '../end-to-end/running-service.ts';
import { packagedService } from '../template/packaged-template.ts';

/** Runs the packaged service in a process of its own, to be killed; prints its address. */
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '' },
    'max-receive-count': { type: 'string', default: '5' },
  },
});
const MAIL_LEASE_SECONDS = 6;

const { codeFolder } = await packagedService();
const impatient = await impatientTemplate({ maxReceiveCount: Number(values['max-receive-count']) });
const system = await startSystem({
  template: withPatientMails(parseTemplate(impatient)),
  codeFolder,
  port: 0,
  anyPortIfTaken: true,
  runEventSources: true,
  dataDir: values['data-dir'],
  retryDelaySeconds: [MAIL_LEASE_SECONDS + 1, MAIL_LEASE_SECONDS + 1],
});
console.log(system.url);
// It does not outlive the process that started it.
process.stdin.once('end', () => process.exit()).resume();

/**
 * A notification is tried three times only: none of them may fail because the machine is busy, or
 * because a dead invocation still holds the mail.
 */
function withPatientMails(template: Template): Template {
  const patient = Object.entries(template.Resources).map(([logicalId, resource]) => {
    if (logicalId !== 'EmailCustomersLambdaFunction') return [logicalId, resource];
    const Properties: Record<string, TemplateValue> = {
      ...resource.Properties,
      Timeout: MAIL_LEASE_SECONDS - 1,
      Environment: withVariable(
        resource.Properties?.['Environment'],
        'MAIL_LEASE_SECONDS',
        String(MAIL_LEASE_SECONDS),
      ),
    };
    return [logicalId, { ...resource, Properties }];
  });
  return { ...template, Resources: Object.fromEntries(patient) };
}

function withVariable(
  environment: TemplateValue | undefined,
  name: string,
  value: string,
): TemplateValue {
  const variables = isTemplateObject(environment) ? environment['Variables'] : {};
  return { Variables: { ...(isTemplateObject(variables) ? variables : {}), [name]: value } };
}
