import { describe, expect, it } from '@jest/globals';
import { OptionError, parseLocalOptions } from '../../commands/local-options.ts';

describe('Options of sls local', () => {
  it('have defaults', () => {
    expect(parseLocalOptions({}, {})).toEqual({ port: 4566, dataDir: undefined, logMode: 'all' });
  });

  it('take the port from the command line first, then from LOCAL_PORT', () => {
    expect(parseLocalOptions({ port: '5000' }, { LOCAL_PORT: '6000' }).port).toBe(5000);
    expect(parseLocalOptions({}, { LOCAL_PORT: '6000' }).port).toBe(6000);
  });

  it.each(['x', '-1', '70000', '1.5'])('refuse the port "%s"', (port) => {
    expect(() => parseLocalOptions({ port }, {})).toThrow(OptionError);
  });

  it('refuse two ways of logging at once', () => {
    expect(() => parseLocalOptions({ quiet: true, json: true }, {})).toThrow(OptionError);
  });
});
