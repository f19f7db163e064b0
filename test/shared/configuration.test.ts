import { describe, expect, it } from '@jest/globals';

import {
  ConfigurationError,
  emailAddress,
  list,
  once,
  queueUrl,
  readConfiguration,
  tableName,
  topicArn,
} from '../../shared/configuration.ts';

const variables = {
  table: tableName('TABLE', 'keeps things'),
  queue: queueUrl('QUEUE_URL', 'takes things'),
  topic: topicArn('TOPIC_ARN', 'tells things'),
  sender: emailAddress('SENDER', 'sends things'),
  blocked: list('BLOCKED', 'what is kept out', ';'),
};
const environment = {
  TABLE: ' things ',
  QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/things',
  TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:things',
  SENDER: 'things@example.com',
  BLOCKED: 'a; b ;;',
};

describe("a function's configuration", () => {
  it('is parsed into values of their types', () => {
    const { table, blocked } = readConfiguration(environment, variables);

    expect(table).toBe('things');
    expect(blocked).toEqual(['a', 'b']);
  });

  it('does without a list', () => {
    expect(readConfiguration({ ...environment, BLOCKED: '' }, variables).blocked).toEqual([]);
  });

  it('names everything that is missing or malformed, and what it is for', () => {
    const wrong = { ...environment, TABLE: undefined, QUEUE_URL: 'things' };

    expect(() => readConfiguration(wrong, variables)).toThrow(
      new ConfigurationError([
        'TABLE (keeps things) is not set',
        'QUEUE_URL (takes things) must be the URL of an SQS queue',
      ]),
    );
  });
});

describe('what is made once', () => {
  it('is kept, unless making it failed', () => {
    let attempts = 0;
    const value = once(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      return { attempts };
    });

    expect(value).toThrow('not yet');
    expect(value()).toBe(value());
    expect(attempts).toBe(2);
  });
});
