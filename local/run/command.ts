import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { followActivities } from '../commands/follow-activities.ts';
import { OptionError, parseLocalOptions } from '../commands/local-options.ts';
import { startBanner } from '../commands/start-banner.ts';
import { nextStopSignal } from '../commands/stop-signal.ts';
import { ShortNames } from '../live-log/short-names.ts';
import { runTemplate } from './run-template.ts';

const USAGE = `Usage: template-runtime run <template> [options]

Runs a CloudFormation template (JSON or YAML) on this machine until Ctrl-C.

  --code DIR             the functions' code; the template's folder unless given
  --parameter NAME=VALUE value of a parameter of the template, any number of times
  --region REGION        us-east-1 unless given
  --stack-name NAME      what generated names begin with; the template's file name unless given
  --port N               4566 (or LOCAL_PORT) unless given; 0 takes a free one
  --data-dir DIR         keeps the state between runs
  --accept-data-loss     starts with what is left of a damaged data folder
  --quiet                log failures and dead letters only
  --filtered             log also what filter policies leave out
  --json                 log every activity as a line of JSON
  --help                 this text`;

async function main(): Promise<void> {
  const { values, positionals } = commandLine();
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const [command, template, ...rest] = positionals;
  if (command !== 'run' || template === undefined || rest.length > 0) throw new OptionError(USAGE);
  const options = parseLocalOptions(values, process.env);
  const region = values.region ?? 'us-east-1';
  const stackName = values['stack-name'] ?? stackNameOf(template);
  const system = await runTemplate(template, {
    ...(values.code === undefined ? {} : { code: values.code }),
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    acceptDataLoss: options.acceptDataLoss,
    parameters: options.parameters,
    port: options.port,
    region,
    stackName,
  });
  const stopRequested = nextStopSignal();
  const banner = startBanner({
    service: stackName,
    stage: basename(template),
    url: system.url,
    requestedPort: options.port,
    port: system.port,
    region,
    dataDir: options.dataDir,
    resources: system.resources,
    unsupported: system.unsupported,
    changes: system.changes,
    routes: [],
    hint: 'Ctrl-C stops it.',
    startupMs: performance.now(),
  });
  if (options.logMode === 'json') console.error(banner);
  else console.log(banner);
  followActivities(system.activity, options.logMode, new ShortNames(`${stackName}-`));
  await stopRequested;
  await system.stop();
  if (options.logMode !== 'json') console.log('Stopped.');
}

function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        code: { type: 'string' },
        parameter: { type: 'string', multiple: true },
        region: { type: 'string' },
        'stack-name': { type: 'string' },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'accept-data-loss': { type: 'boolean' },
        quiet: { type: 'boolean' },
        filtered: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OptionError(`${reason}\n\n${USAGE}`, { cause: error });
  }
}

/** `orders.template.json` gives `orders`, in the characters that a stack's name may have. */
const stackNameOf = (template: string): string =>
  basename(template, extname(template))
    .replace(/\.template$/, '')
    .replaceAll(/[^A-Za-z0-9-]/g, '-');

try {
  await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  // Errors with a name of their own are meant for the reader.
  const expected =
    error.name.endsWith('Error') &&
    error.name !== 'Error' &&
    !/^(Type|Range|Reference|Syntax)Error$/.test(error.name);
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}
