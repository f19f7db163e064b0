import { readFile } from 'node:fs/promises';
import { isScalar, parseDocument, visit, YAMLMap, type Document, type Node } from 'yaml';
import { hasErrorCode } from '../errors/error-code.ts';

/** There is no template in that file, or it is neither JSON nor YAML. */
export class TemplateFileError extends Error {
  override readonly name = 'TemplateFileError';
}

/** Short forms whose long form is not `Fn::` and the same name. */
const OTHER_FORMS: Record<string, string> = { '!Ref': 'Ref', '!Condition': 'Condition' };

/**
 * Reads a CloudFormation template of JSON or YAML, the short forms of intrinsic functions included.
 *
 * @throws TemplateFileError
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export async function readTemplateFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT') && !hasErrorCode(error, 'EISDIR')) throw error;
    throw new TemplateFileError(`There is no template ${file}`, { cause: error });
  }
  // JSON is YAML too. Every tag is one of CloudFormation's, so none is worth a warning.
  const document = parseDocument(text, { merge: true, logLevel: 'error' });
  const [problem] = document.errors;
  if (problem) {
    throw new TemplateFileError(`${file} is neither JSON nor YAML: ${problem.message}`, {
      cause: problem,
    });
  }
  visit(document, { Node: (_key, node) => longForm(document, node) });
  const template: unknown = document.toJS();
  return template;
}

/** `!Sub text` as `Fn::Sub: text`. */
function longForm(document: Document, node: Node): YAMLMap | undefined {
  const { tag } = node;
  if (tag?.startsWith('!') !== true) return undefined;
  delete node.tag;
  const called = OTHER_FORMS[tag] ?? `Fn::${tag.slice(1)}`;
  const pair = document.createPair(called, node);
  // `!GetAtt Queue.Arn` is short for a list of two.
  if (called === 'Fn::GetAtt' && isScalar(node)) {
    const [resource = '', ...attribute] = String(node.value).split('.');
    pair.value = document.createNode([resource, attribute.join('.')]);
  }
  const map = new YAMLMap(document.schema);
  map.add(pair);
  return map;
}
