import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

import { once } from '../configuration/once.ts';
import { clientSettings } from './client-settings.ts';

export const dynamodbClient = once(() => new DynamoDBClient(clientSettings));
