import { BroadcastChannel } from 'node:worker_threads';

/**
 * A handler whose events stay until a test lets them go. It meets the test on a channel that
 * reaches every thread of this process.
 */
export class HeldHandler {
  /** The module, which answers how many events its environment has had. */
  readonly source: string;
  readonly #channel: BroadcastChannel;
  readonly #arrivals: (() => void)[] = [];
  #arrived = 0;

  constructor(name: string) {
    this.source = `
      import { BroadcastChannel } from 'node:worker_threads';
      let count = 0;
      export const handler = async ({ hold }) => {
        count++;
        if (hold) {
          const channel = new BroadcastChannel('${name}');
          await new Promise((resolve) => {
            channel.onmessage = ({ data }) => data === 'go' && resolve();
            channel.postMessage('here');
          });
          channel.close();
        }
        return count;
      };`;
    this.#channel = new BroadcastChannel(name);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it would not keep the types
    this.#channel.onmessage = ({ data }) => {
      if (data !== 'here') return;
      this.#arrived++;
      for (const check of this.#arrivals.splice(0)) check();
    };
  }

  /** Resolves when `count` events are held. */
  async holds(count: number): Promise<void> {
    while (this.#arrived < count) {
      await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    }
  }

  /** Lets every held event go. */
  letGo(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is no window
    this.#channel.postMessage('go');
  }

  close(): void {
    this.#channel.close();
  }
}
