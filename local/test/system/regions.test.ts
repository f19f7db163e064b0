import { afterEach, describe, expect, it } from '@jest/globals';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { System } from '../../system/start-system.ts';
import { Shop, SHOP } from './shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const { OrdersDead } = SHOP.Resources;
const template = {
  Resources: { OrdersDead },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['OrdersDead', 'Arn'] } } },
};

function clientsIn(system: System, region: string) {
  const configuration = {
    endpoint: system.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients = {
    sqs: new SQSClient(configuration),
    sns: new SNSClient(configuration),
    dynamodb: new DynamoDBClient(configuration),
  };
  shop.afterwards(() => Object.values(clients).forEach((client) => client.destroy()));
  return clients;
}

async function queueIn(sqs: SQSClient, QueueName: string) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { QueueUrl, arn: Attributes?.['QueueArn'] ?? '' };
}

describe('the regions of a system', () => {
  it('have the stack in the one it was started for', async () => {
    const system = await shop.start({ template, region: 'eu-west-1' });

    const home = await clientsIn(system, 'eu-west-1').sqs.send(new ListQueuesCommand({}));
    const abroad = await clientsIn(system, 'us-east-1').sqs.send(new ListQueuesCommand({}));

    expect(system.outputs).toEqual({ Arn: 'arn:aws:sqs:eu-west-1:000000000000:shop-OrdersDead' });
    expect(home.QueueUrls).toHaveLength(1);
    expect(abroad.QueueUrls ?? []).toEqual([]);
  });

  it('keep queues, topics and tables of the same name apart', async () => {
    // Prepare
    const system = await shop.start({ template });
    const [dublin, oregon] = [clientsIn(system, 'eu-west-1'), clientsIn(system, 'us-west-2')];
    const queue = await queueIn(dublin.sqs, 'same');
    await queueIn(oregon.sqs, 'same');

    // Act
    const { QueueUrl } = queue;
    await dublin.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'in Dublin' }));
    const table = new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    await dublin.dynamodb.send(table);

    // Assess
    const receive = new ReceiveMessageCommand({ QueueUrl });
    expect((await oregon.sqs.send(receive)).Messages ?? []).toEqual([]);
    expect((await dublin.sqs.send(receive)).Messages).toMatchObject([{ Body: 'in Dublin' }]);
    const tables = await oregon.dynamodb.send(new ListTablesCommand({}));
    expect(tables.TableNames).toEqual([]);
  });

  it('deliver from a topic of one to a queue of another', async () => {
    // Prepare
    const system = await shop.start({ template });
    const [dublin, oregon] = [clientsIn(system, 'eu-west-1'), clientsIn(system, 'us-west-2')];
    const { QueueUrl, arn } = await queueIn(oregon.sqs, 'abroad');
    const { TopicArn } = await dublin.sns.send(new CreateTopicCommand({ Name: 'events' }));
    await oregon.sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl,
        Attributes: { Policy: policyFor(arn, TopicArn) },
      }),
    );
    await dublin.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn }));

    // Act
    await dublin.sns.send(new PublishCommand({ TopicArn, Message: 'across' }));

    // Assess
    const received = await oregon.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
    );
    expect(JSON.parse(received.Messages?.[0]?.Body ?? '{}')).toMatchObject({ Message: 'across' });
  });

  it('keep what they hold in the data folder', async () => {
    // Prepare
    const dataDir = await shop.folder();
    const before = await shop.start({ template, dataDir });
    const { QueueUrl } = await queueIn(clientsIn(before, 'eu-west-1').sqs, 'abroad');
    await before.stop();

    // Act
    const after = await shop.start({ template, dataDir });

    // Assess
    const { QueueUrls } = await clientsIn(after, 'eu-west-1').sqs.send(new ListQueuesCommand({}));
    expect(QueueUrls?.map(pathOf)).toEqual([pathOf(QueueUrl)]);
  });
});

const pathOf = (url: string | undefined) => new URL(url ?? '').pathname;

const policyFor = (queueArn: string, topicArn: string | undefined): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });
