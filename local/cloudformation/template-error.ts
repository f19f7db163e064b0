/**
 * The template cannot be read or resolved. The message names the place in the template, as in
 * `Resources.FraudQueue.Properties.QueueName`, and what is wrong there.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}

/** A function that only AWS resolves: what it stands in is left out. */
export class UnsupportedFunctionError extends TemplateError {
  constructor(path: string, functionName: string) {
    super(path, `${functionName} cannot be resolved here`);
  }
}
