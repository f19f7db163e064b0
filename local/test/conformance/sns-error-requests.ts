/** A request whose refusal (or acceptance) was recorded. */
export interface RecordedRequest {
  file: string;
  key: string;
  parameters: Record<string, string>;
}

/** Topics and queues that the requests name. */
export const ARNS = {
  standardTopic: 'arn:aws:sns:us-east-1:000000000000:standard',
  fifoTopic: 'arn:aws:sns:us-east-1:000000000000:topic.fifo',
  standardQueue: 'arn:aws:sqs:us-east-1:000000000000:queue',
  fifoQueue: 'arn:aws:sqs:us-east-1:000000000000:queue.fifo',
};

const LONGEST = 262_144;

const publish = (parameters: Record<string, string>): Record<string, string> => ({
  Action: 'Publish',
  TopicArn: ARNS.standardTopic,
  Message: 'message',
  ...parameters,
});

const batch = (TopicArn: string, entries: Record<string, string>[]): Record<string, string> => {
  const numbered = entries.flatMap((entry, index) =>
    Object.entries({ Id: String(index), Message: 'message', ...entry }).map(([name, value]) => [
      `PublishBatchRequestEntries.member.${index + 1}.${name}`,
      value,
    ]),
  );
  return { Action: 'PublishBatch', TopicArn, ...Object.fromEntries(numbered) };
};

const attribute = (name: string, value: Record<string, string>): Record<string, string> => {
  const prefix = 'MessageAttributes.entry.1';
  const members = Object.entries(value).map(([key, each]) => [`${prefix}.Value.${key}`, each]);
  return { [`${prefix}.Name`]: name, ...Object.fromEntries(members) };
};

const sound = { DataType: 'String', StringValue: 'value' };
const BinaryValue = 'AgME';

const FAULTY_ATTRIBUTES: Record<string, Record<string, string>> = {
  missing_string_attr: attribute('attr1', { DataType: 'String', StringValue: '' }),
  fully_missing_string_attr: attribute('attr1', { DataType: 'String' }),
  fully_missing_data_type: attribute('attr1', { StringValue: 'value' }),
  missing_binary_attr: attribute('attr1', { DataType: 'Binary', BinaryValue: '' }),
  str_attr_binary_value: attribute('attr1', { DataType: 'String', BinaryValue }),
  int_attr_binary_value: attribute('attr1', { DataType: 'Number', BinaryValue }),
  binary_attr_string_value: attribute('attr1', { DataType: 'Binary', StringValue: 'value' }),
  invalid_attr_string_value: attribute('attr1', { DataType: 'InvalidType', StringValue: 'value' }),
  too_long_name: attribute('a'.repeat(257), sound),
  invalid_name: attribute('a^b', sound),
  invalid_name_2: attribute('.a', sound),
  invalid_name_3: attribute('a.', sound),
  invalid_name_4: attribute('a..b', sound),
};

const inFile = (
  file: string,
  requests: Record<string, Record<string, string>>,
): RecordedRequest[] =>
  Object.entries(requests).map(([key, parameters]) => ({ file, key, parameters }));

const subscribe = (TopicArn: string, Endpoint: string, RedriveTo?: string) => ({
  Action: 'Subscribe',
  TopicArn,
  Protocol: 'sqs',
  Endpoint,
  ...(RedriveTo === undefined
    ? {}
    : {
        'Attributes.entry.1.key': 'RedrivePolicy',
        'Attributes.entry.1.value': JSON.stringify({ deadLetterTargetArn: RedriveTo }),
      }),
});

export const REQUESTS: RecordedRequest[] = [
  ...inFile(
    'sns-message-attribute-errors',
    Object.fromEntries(
      Object.entries(FAULTY_ATTRIBUTES).flatMap(([key, parameters]) => [
        [key, publish(parameters)],
        [`batch-${key}`, batch(ARNS.standardTopic, [parameters])],
      ]),
    ),
  ),
  ...inFile('sns-message-attribute-prefix-errors', {
    'publish-error': publish(attribute('attr1', { ...sound, DataType: 'Stringprefixed' })),
    'publish-error-2': publish(attribute('attr1', { ...sound, DataType: 'prefixed.String' })),
    'publish-ok-1': publish(attribute('attr1', { ...sound, DataType: 'String.prefixed' })),
    'publish-ok-2': publish(attribute('attr1', { DataType: 'Binary.prefixed', BinaryValue })),
  }),
  ...inFile('sns-message-structure-errors', {
    'missing-default-key': publish({ MessageStructure: 'json', Message: '{"sqs": "x"}' }),
    'invalid-json': publish({ MessageStructure: 'json', Message: '{"default": "x"} x' }),
    'duplicate-json-keys': publish({
      MessageStructure: 'json',
      Message: '{"default": "x", "default": "y"}',
    }),
    'key-is-not-string': publish({ MessageStructure: 'json', Message: '{"default": {"a": 1}}' }),
  }),
  ...inFile('sns-fifo-validations', {
    'not-fifo-topic': subscribe(ARNS.standardTopic, ARNS.fifoQueue),
    'not-fifo-queue': subscribe(ARNS.fifoTopic, ARNS.standardQueue),
    'no-msg-group-id': publish({ TopicArn: ARNS.fifoTopic }),
    'no-dedup-policy': publish({ TopicArn: ARNS.fifoTopic, MessageGroupId: 'g' }),
    'no-msg-dedup-regular-topic': publish({ MessageDeduplicationId: 'd' }),
  }),
  ...inFile('sns-publish-batch-errors', {
    'no-group-id': batch(ARNS.fifoTopic, [{}]),
    'too-many-msg': batch(
      ARNS.standardTopic,
      Array.from({ length: 11 }, () => ({})),
    ),
    'same-msg-id': batch(ARNS.standardTopic, [{ Id: 'same' }, { Id: 'same' }]),
    'no-dedup-id': batch(ARNS.fifoTopic, [{ MessageGroupId: 'g' }]),
    'no-default-key-json': batch(ARNS.standardTopic, [
      { MessageStructure: 'json', Message: '{"sqs": "x"}' },
    ]),
  }),
  ...inFile('sns-too-long-message-error', {
    error: publish({ Message: 'x'.repeat(LONGEST + 1) }),
    'error-with-attrs': publish({ ...attribute('attr1', sound), Message: 'x'.repeat(LONGEST) }),
  }),
  ...inFile('sns-batch-too-long', {
    'error-no-attrs': batch(ARNS.standardTopic, [{}, { Message: 'x'.repeat(LONGEST) }]),
    'error-with-attrs': batch(ARNS.standardTopic, [
      { ...attribute('attr1', sound), Message: 'x'.repeat(LONGEST) },
    ]),
  }),
  ...inFile('sns-unknown-topic', {
    success: publish({}),
    error: publish({ TopicArn: `${ARNS.standardTopic}-unknown` }),
  }),
];

/** Set by SetSubscriptionAttributes on a FIFO subscription, which the run makes first. */
export const REDRIVE_REQUEST = {
  file: 'sns-fifo-validations',
  key: 'regular-queue-for-dlq-of-fifo-topic',
  parameters: {
    Action: 'SetSubscriptionAttributes',
    AttributeName: 'RedrivePolicy',
    AttributeValue: JSON.stringify({ deadLetterTargetArn: ARNS.standardQueue }),
  },
};
