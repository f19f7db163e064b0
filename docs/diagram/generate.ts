import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTemplate } from 'template-runtime/template';
import { withSection } from '../marked-section.ts';
import { mermaid } from './mermaid.ts';
import { messagingGraph } from './messaging-graph.ts';
import { resourceOwners } from './resource-owners.ts';

/**
 * `npm run diagram` packages the service and draws its messaging into docs/architecture.md.
 * `npm run diagram -- --check` writes nothing and exits 1 when the diagram there is another.
 */
const repository = join(import.meta.dirname, '..', '..');
const documentFile = join(repository, 'docs', 'architecture.md');
const templateFile = join(repository, '.serverless', 'cloudformation-template-update-stack.json');

const packaging = spawnSync(
  process.execPath,
  [join(repository, 'node_modules', 'osls', 'bin', 'serverless.js'), 'package'],
  { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (packaging.status !== 0) process.exit(packaging.status ?? 1);

const template = parseTemplate(JSON.parse(await readFile(templateFile, 'utf8')));
const document = await readFile(documentFile, 'utf8');
const graph = messagingGraph(template, resourceOwners(repository));
const current = withSection(document, 'diagram', mermaid(graph));
if (current === document) {
  console.log('The diagram in docs/architecture.md is current.');
} else if (process.argv.includes('--check')) {
  console.error('The diagram in docs/architecture.md is out of date: run `npm run diagram`.');
  process.exitCode = 1;
} else {
  await writeFile(documentFile, current);
  console.log('Drew the diagram in docs/architecture.md.');
}
