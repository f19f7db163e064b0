import * as z from 'zod';
import { invalidValue } from '../errors.ts';
import { LISTED_MOVE_TASKS } from '../model/limits.ts';
import { handleOf } from '../model/move-tasks.ts';
import type { MoveTaskRecord } from '../model/queue-storage.ts';
import { action, type Action, integer, required, text } from './action.ts';

/** StartMessageMoveTask, ListMessageMoveTasks, CancelMessageMoveTask. */
export const moveTaskActions: Record<string, Action> = {
  StartMessageMoveTask: action(
    z.object({ SourceArn: text, DestinationArn: text, MaxNumberOfMessagesPerSecond: integer }),
    (input, { moveTasks }) => {
      const task = moveTasks.start({
        sourceArn: required(input.SourceArn, 'SourceArn'),
        destinationArn: input.DestinationArn,
        maxNumberOfMessagesPerSecond: input.MaxNumberOfMessagesPerSecond,
      });
      return { TaskHandle: handleOf(task) };
    },
  ),

  ListMessageMoveTasks: action(
    z.object({ SourceArn: text, MaxResults: integer }),
    ({ SourceArn, MaxResults = 1 }, { moveTasks }) => {
      if (MaxResults < 1 || MaxResults > LISTED_MOVE_TASKS) {
        throw invalidValue(
          MaxResults,
          'MaxResults',
          `Must be between 1 and ${LISTED_MOVE_TASKS}, if provided.`,
        );
      }
      const tasks = moveTasks.list(required(SourceArn, 'SourceArn')).slice(0, MaxResults);
      return { Results: tasks.map(toResult) };
    },
  ),

  CancelMessageMoveTask: action(z.object({ TaskHandle: text }), ({ TaskHandle }, { moveTasks }) => {
    const task = moveTasks.cancel(required(TaskHandle, 'TaskHandle'));
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }),
};

function toResult(task: MoveTaskRecord): object {
  const { destinationArn, maxNumberOfMessagesPerSecond: rate, failureReason } = task;
  return {
    // Only a running task can be cancelled, so only its handle is of use.
    ...(task.status === 'RUNNING' ? { TaskHandle: handleOf(task) } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(destinationArn === undefined ? {} : { DestinationArn: destinationArn }),
    ...(rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    StartedTimestamp: task.startedAt,
  };
}
