/** Ends what was started, the last first. */
export class CleanUp {
  readonly #tasks: (() => void | Promise<void>)[] = [];
  #running: Promise<void> | undefined;

  add(task: () => void | Promise<void>): void {
    this.#tasks.push(task);
  }

  /**
   * Runs every task, also after one has failed; a second call waits for the first.
   *
   * @throws AggregateError of the failures
   */
  run(): Promise<void> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const task of this.#tasks.toReversed()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'The system did not stop cleanly');
  }
}
