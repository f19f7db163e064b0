import { SESv2Client } from '@aws-sdk/client-sesv2';

import { once } from '../configuration/once.ts';
import { clientSettings } from './client-settings.ts';

export const sesClient = once(() => new SESv2Client(clientSettings));
