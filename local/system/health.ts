/**
 * A part of the system that can tell whether it runs. A service becomes one by having this method;
 * `/_local/health` asks every service that does.
 */
export interface HealthCheck {
  /** What is dead or stopped, one sentence each; empty while all runs. */
  problems(): string[];
}

const isHealthCheck = (part: object): part is HealthCheck =>
  'problems' in part && typeof part.problems === 'function';

/** What is wrong with each part, by its name; those that run or cannot tell are left out. */
export function problemsOf(parts: Record<string, object>): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  for (const [name, part] of Object.entries(parts)) {
    const found = isHealthCheck(part) ? part.problems() : [];
    if (found.length > 0) problems[name] = found;
  }
  return problems;
}
