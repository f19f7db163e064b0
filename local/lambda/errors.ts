/** Every environment the function may have is busy (TooManyRequestsException, 429). */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
}

/** Lambda has no function of this name (ResourceNotFoundException, 404). */
export class FunctionNotFoundError extends Error {
  override readonly name = 'FunctionNotFoundError';
  readonly functionName: string;

  constructor(functionName: string) {
    super(`There is no function ${functionName}`);
    this.functionName = functionName;
  }
}

/** The event is larger than the kind of invocation takes (RequestTooLargeException, 413). */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';
}

/** The worker of an execution environment could not even be made. */
export class EnvironmentStartError extends Error {
  override readonly name = 'EnvironmentStartError';

  constructor(functionName: string, cause: unknown) {
    super(`No environment of ${functionName} could be started`, { cause });
  }
}

/** A destination or dead-letter target that this machine can't reach. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
  readonly arn: string;

  constructor(arn: string, reason: string) {
    super(`Destination ${arn}: ${reason}`);
    this.arn = arn;
  }
}

/** A function's own variables include some that only Lambda may set. */
export class ReservedVariableError extends Error {
  override readonly name = 'ReservedVariableError';

  constructor(functionName: string, reserved: readonly string[]) {
    super(
      `Lambda was unable to configure the environment variables of ${functionName} because they contain reserved keys: ${reserved.join(', ')}`,
    );
  }
}
