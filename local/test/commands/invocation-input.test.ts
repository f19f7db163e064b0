import { describe, expect, it } from '@jest/globals';
import { EventInputError, invocationInput } from '../../commands/invocation-input.ts';
import { serviceFolder } from '../build/service-folder.ts';

const SAMPLES = {
  'events/greet/b-later.json': '{"from":"b"}',
  'events/greet/a-first.json': '{"from":"a"}',
  'events/broken.json': '{"from":',
};

describe('The event of sls invoke local', () => {
  it('is a file or text of the command line', async () => {
    await using folder = await serviceFolder(SAMPLES);

    const file = await invocationInput(folder.path, 'greet', { path: 'events/greet/b-later.json' });
    const data = await invocationInput(folder.path, 'greet', { data: '[1]' });

    expect(file).toEqual({ payload: '{"from":"b"}', origin: 'events/greet/b-later.json' });
    expect(data).toEqual({ payload: '[1]', origin: '--data' });
  });

  it("is the function's first sample when none is given", async () => {
    await using folder = await serviceFolder(SAMPLES);

    const input = await invocationInput(folder.path, 'greet', {});

    expect(input.origin).toBe('events/greet/a-first.json');
  });

  it.each([
    ['a missing file', { path: 'events/none.json' }, 'no event file events/none.json'],
    ['a folder', { path: 'events/greet' }, 'no event file events/greet'],
    ['a file that is no JSON', { path: 'events/broken.json' }, 'events/broken.json is no JSON'],
    ['text that is no JSON', { data: 'hello' }, '--data is no JSON'],
    ['two events', { data: '{}', path: 'events/broken.json' }, 'not by both'],
  ])('is refused when it is %s', async (_case, options, message) => {
    await using folder = await serviceFolder(SAMPLES);

    const input = invocationInput(folder.path, 'greet', options);

    await expect(input).rejects.toThrow(EventInputError);
    await expect(input).rejects.toThrow(message);
  });

  it('is refused when none is given and there is no sample', async () => {
    await using folder = await serviceFolder(SAMPLES);

    await expect(invocationInput(folder.path, 'other', {})).rejects.toThrow('events/other/');
  });
});
