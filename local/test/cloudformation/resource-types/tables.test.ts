import { afterEach, describe, expect, it } from '@jest/globals';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { Shop } from '../../system/shop-system.ts';

const shop = new Shop();
afterEach(() => shop.cleanUp());

const keys = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];
const PROPERTIES = {
  TableName: 'orders',
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 },
  AttributeDefinitions: ['customer', 'order', 'placedAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: keys('customer', 'order'),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOrder',
      KeySchema: keys('order', 'placedAt'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state'] },
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'byTime',
      KeySchema: keys('customer', 'placedAt'),
      Projection: { ProjectionType: 'ALL' },
    },
  ],
};

const templateOf = (Properties: object) => ({
  Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties } },
});

describe('a table of the template', () => {
  it('shows its key, indexes and throughput', async () => {
    // Act
    const system = await shop.start({ template: templateOf(PROPERTIES) });

    // Assess
    const { dynamodb } = shop.clients(system);
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(Table).toMatchObject({
      KeySchema: PROPERTIES.KeySchema,
      ProvisionedThroughput: PROPERTIES.ProvisionedThroughput,
      GlobalSecondaryIndexes: PROPERTIES.GlobalSecondaryIndexes,
      LocalSecondaryIndexes: PROPERTIES.LocalSecondaryIndexes,
    });
    expect(Table?.AttributeDefinitions).toEqual(
      expect.arrayContaining(PROPERTIES.AttributeDefinitions),
    );
    expect(system.unsupported).toEqual([]);
  });

  it('has what it does not do named, within an index too', async () => {
    const [globalIndex] = PROPERTIES.GlobalSecondaryIndexes;
    const system = await shop.start({
      template: templateOf({
        ...PROPERTIES,
        GlobalSecondaryIndexes: [{ ...globalIndex, ContributorInsightsSpecification: {} }],
      }),
    });

    expect(system.unsupported.map(({ reason }) => reason)).toEqual([
      'its property GlobalSecondaryIndexes.0.ContributorInsightsSpecification has no effect here',
    ]);
  });
});
