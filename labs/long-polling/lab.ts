import { Queue } from '../stage/queue.ts';
import type { Lab, Stage } from '../stage/stage.ts';

/** How long nothing comes. */
const QUIET_MS = 2_000;
/** How often the short-polling worker asks. */
const PAUSE_MS = 100;

export const lab: Lab = {
  title: 'Long polling: one call that waits, instead of many that find nothing',
  page: 'docs/patterns/long-polling.md',
  service: import.meta.dirname,
  about:
    'For two seconds nothing comes, then one message. A worker that polls ten times a second waits for\n' +
    'it, and then one whose call waits at the queue.',
  question: {
    asks: 'Which worker has the message sooner after it was sent?',
    answers: [
      'the one that asks ten times a second',
      'the one that waits: its call returns when the message arrives',
      'both at the same time',
    ],
    right: 1,
    because:
      'a waiting receive returns with the message at once, and a poll finds it only when it asks the next time',
  },
  play: async (stage) => {
    const short = await shortPolling(stage);
    const long = await longPolling(stage);
    const { narrator } = stage;
    await narrator.step('Side by side', 'What AWS would bill: each call is a request.');
    narrator.say(`   short polling: ${short.calls} calls, ${short.delayMs.toFixed(0)} ms late`);
    narrator.say(`   long polling:  ${long.calls} call, ${long.delayMs.toFixed(0)} ms late`);
    narrator.check('long polling needed one call', long.calls, 1);
    narrator.check('short polling needed many', short.calls > 10, true);
  },
};

interface Wait {
  readonly calls: number;
  /** From the send to the receive that had it. */
  readonly delayMs: number;
}

async function shortPolling(stage: Stage): Promise<Wait> {
  await stage.narrator.step(
    'Short polling',
    'WaitTimeSeconds is 0: every call answers at once, mostly with nothing.',
  );
  return untilReceived(stage, 0, PAUSE_MS);
}

async function longPolling(stage: Stage): Promise<Wait> {
  await stage.narrator.step(
    'Long polling',
    'The call says nothing, so the queue’s own ReceiveMessageWaitTimeSeconds of 20 counts.',
  );
  return untilReceived(stage, undefined, 0);
}

/** Sends a message after a while, and asks until it is there. */
async function untilReceived(
  { narrator, sqs, nameOf }: Stage,
  waitSeconds: number | undefined,
  pauseMs: number,
): Promise<Wait> {
  const queue = new Queue(sqs, nameOf('OrderQueue'));
  let sentAt = 0;
  const sending = pause(QUIET_MS).then(async () => {
    sentAt = performance.now();
    await queue.send('at last');
  });
  for (let calls = 1; ; calls += 1) {
    const [message] = await queue.receive(waitSeconds === undefined ? {} : { waitSeconds });
    if (message) {
      const delayMs = performance.now() - sentAt;
      await sending;
      await queue.delete(message);
      narrator.check('the message came', message.Body, 'at last');
      return { calls, delayMs };
    }
    await pause(pauseMs);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
