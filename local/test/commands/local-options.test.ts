import { describe, expect, it } from '@jest/globals';
import { OptionError, parseLocalOptions } from '../../commands/local-options.ts';

describe('Options of sls local', () => {
  it('have defaults', () => {
    expect(parseLocalOptions({}, {})).toEqual({
      port: 4566,
      dataDir: undefined,
      acceptDataLoss: false,
      parameters: {},
      logMode: 'all',
    });
  });

  it('take the port from the command line first, then from LOCAL_PORT', () => {
    expect(parseLocalOptions({ port: '5000' }, { LOCAL_PORT: '6000' }).port).toBe(5000);
    expect(parseLocalOptions({}, { LOCAL_PORT: '6000' }).port).toBe(6000);
  });

  it('accept a loss of data only when told to', () => {
    expect(parseLocalOptions({ 'accept-data-loss': true }, {}).acceptDataLoss).toBe(true);
  });

  it.each(['x', '-1', '70000', '1.5'])('refuse the port "%s"', (port) => {
    expect(() => parseLocalOptions({ port }, {})).toThrow(OptionError);
  });

  it('give parameters of the template their values', () => {
    const { parameters } = parseLocalOptions({ parameter: ['Size=4', 'Filter=a=b'] }, {});

    expect(parameters).toEqual({ Size: '4', Filter: 'a=b' });
  });

  it('refuse a parameter without a value', () => {
    expect(() => parseLocalOptions({ parameter: ['Size'] }, {})).toThrow('name=value, not "Size"');
  });

  it('refuse two ways of logging at once', () => {
    expect(() => parseLocalOptions({ quiet: true, json: true }, {})).toThrow(OptionError);
  });
});
