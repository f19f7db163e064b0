import { SNSClient } from '@aws-sdk/client-sns';

import { once } from '../configuration/once.ts';
import { clientSettings } from './client-settings.ts';

export const snsClient = once(() => new SNSClient(clientSettings));
