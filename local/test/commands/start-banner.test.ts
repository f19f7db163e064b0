import { describe, expect, it } from '@jest/globals';
import { startBanner, type StartFacts } from '../../commands/start-banner.ts';

const facts: StartFacts = {
  service: 'shop',
  stage: 'dev',
  url: 'http://127.0.0.1:5000',
  requestedPort: 5000,
  port: 5000,
  region: 'eu-central-1',
  dataDir: undefined,
  resources: [{ type: 'AWS::SQS::Queue' }, { type: 'AWS::SQS::Queue' }],
  unsupported: [],
  changes: [],
  routes: ['GET /orders'],
  hint: 'Ctrl-C stops it.',
  startupMs: 1234,
};

describe('The start banner', () => {
  it('gives version 1 and version 2 of the AWS CLI the region and the endpoint', () => {
    const lines = startBanner(facts).split('\n');

    const variables = lines.find((line) => line.startsWith('  export '));
    expect(variables?.split(' ')).toEqual(
      expect.arrayContaining([
        'AWS_ENDPOINT_URL=http://127.0.0.1:5000',
        'AWS_REGION=eu-central-1',
        'AWS_DEFAULT_REGION=eu-central-1',
      ]),
    );
    expect(lines).toContain('  aws --endpoint-url http://127.0.0.1:5000 sqs list-queues');
  });

  it('says where the system is, what it is made of and that its state ends with it', () => {
    const text = startBanner(facts);

    expect(text).toContain('shop (dev) runs at http://127.0.0.1:5000');
    expect(text).toContain('0 functions, 2 queues, 0 topics, 0 tables');
    expect(text).toContain('up in 1.2 s');
    expect(text).toContain('State is kept in memory');
    expect(text).not.toContain('Not emulated');
    expect(text).not.toContain('is taken');
  });

  it('names the folder that keeps the state', () => {
    expect(startBanner({ ...facts, dataDir: '.local/data' })).toContain(
      'State is kept in .local/data.',
    );
  });

  it('says when another port than the requested one is used', () => {
    expect(startBanner({ ...facts, requestedPort: 4566 })).toContain(
      'Port 4566 is taken by another program: this run uses port 5000 instead.',
    );
  });

  it('names what is taken without effect, in one line for each kind', () => {
    const resources = ['AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::IAM::Role'].map((type) => ({
      type,
    }));

    const lines = startBanner({ ...facts, resources }).split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'Without effect here:',
        '  roles (2): nothing is refused for lack of a permission',
        '  keys (1): nothing is encrypted',
      ]),
    );
  });

  it('lists what is not emulated by type, with the reason and three names at most', () => {
    const alarm = { type: 'AWS::CloudWatch::Alarm', reason: 'not evaluated' };
    const unsupported = ['A', 'B', 'C', 'D', 'E'].map((logicalId) => ({ logicalId, ...alarm }));

    const text = startBanner({ ...facts, unsupported });

    expect(text).toContain('Not emulated (5 resources):');
    expect(text).toContain('  AWS::CloudWatch::Alarm: not evaluated (A, B, C and 2 more)');
  });
});
