/**
 * The limits of Amazon SQS. Sizes are bytes, times are seconds.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAXIMUM_MESSAGE_BYTES = 1_048_576;
export const MAXIMUM_BATCH_BYTES = 1_048_576;
export const MAXIMUM_BATCH_ENTRIES = 10;
export const MAXIMUM_MESSAGE_ATTRIBUTES = 10;
export const MAXIMUM_DELAY_SECONDS = 900;
export const MAXIMUM_WAIT_SECONDS = 20;
export const MAXIMUM_VISIBILITY_SECONDS = 43_200;
/** Standard and, since 2024, FIFO queues. */
export const MAXIMUM_IN_FLIGHT = 120_000;
export const DEDUPLICATION_SECONDS = 300;
export const PURGE_INTERVAL_SECONDS = 60;
export const MAXIMUM_TAGS = 50;
export const MAXIMUM_MOVES_PER_SECOND = 500;
/** How many move tasks ListMessageMoveTasks can tell of. */
export const LISTED_MOVE_TASKS = 10;
