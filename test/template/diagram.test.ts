import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { failurePaths } from '../../docs/diagram/failure-paths.ts';
import { resourceOwners } from '../../docs/diagram/resource-owners.ts';
import { templatePictures } from '../../docs/diagram/template-pictures.ts';
import type { Template } from 'template-runtime/template';
import { withoutResource, withProperty } from './altered.ts';
import { packagedService, PACKAGING_TIMEOUT_MS } from './packaged-template.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
let template: Template;

beforeAll(async () => {
  ({ template } = await packagedService());
}, PACKAGING_TIMEOUT_MS);

const drawn = (name: string, of: Template): string =>
  templatePictures(of, resourceOwners(REPOSITORY)).get(name) ?? '';

describe('the pictures of the architecture', () => {
  it.each(['order-journey', 'fan-out', 'failures'])(
    '%s is current (npm run pictures draws it anew)',
    async (name) => {
      const file = join(REPOSITORY, 'docs', 'pictures', `${name}.svg`);

      expect(await readFile(file, 'utf8')).toBe(drawn(name, template));
    },
  );

  it('show the subscriptions of the template, each with its filter', () => {
    const delivery = 'OrderEventsFifo delivers Placed to FraudQueue.';

    expect(drawn('fan-out', template)).toContain(delivery);
    const without = withoutResource(template, 'FraudSubscription');
    expect(drawn('fan-out', without)).not.toContain(delivery);
    const other = withProperty(template, 'FraudSubscription', 'FilterPolicy.State', [
      'Placed',
      'Shipped',
    ]);
    expect(drawn('fan-out', other)).toContain(
      'OrderEventsFifo delivers Placed, Shipped to FraudQueue.',
    );
  });

  it('lead an order only where its messages go', () => {
    const screening = '>screenOrders</text>';

    expect(drawn('order-journey', template)).toContain(screening);
    expect(drawn('order-journey', template)).not.toContain('>recordTimeline</text>');
    const without = withoutResource(template, 'FraudSubscription');
    expect(drawn('order-journey', without)).not.toContain(screening);
  });

  it('say how often a message is tried and where it ends', () => {
    const seven = withProperty(template, 'OrderIntakeQueue', 'RedrivePolicy.maxReceiveCount', 7);
    const patient = withProperty(seven, 'OrderIntakeQueue', 'VisibilityTimeout', 90);
    const intake = failurePaths(patient).find(({ source }) => source === 'OrderIntakeQueue');

    expect(intake).toEqual({
      source: 'OrderIntakeQueue',
      consumer: 'recordOrders',
      attempts: 7,
      pauseSeconds: 90,
      deadLetterQueue: 'OrderIntakeDeadLetters',
      keptDays: 14,
      alarm: true,
      redrive: true,
    });
    const silent = withoutResource(patient, 'OrderIntakeDeadLettersAlarm');
    expect(failurePaths(silent)).toContainEqual({ ...intake, alarm: false });
  });

  it('let nobody redrive what came from no queue', () => {
    const mail = failurePaths(template).find(({ consumer }) => consumer === 'emailCustomers');

    expect(mail).toMatchObject({ source: 'OrderEvents', attempts: 3, redrive: false });
  });
});
