/** Running a template that another tool has made. */
export { runTemplate, type RunTemplateOptions } from '../run/run-template.ts';
export { readTemplateFile } from '../run/template-file.ts';
export type { System } from '../system/start-system.ts';
