import { describe, expect, it } from 'vitest';
import { terminalCommand, terminalControl } from '../../../../electron/codec/jt808/body/terminal-control.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

describe('0x8105', () => {
  it('is a command alone', () => {
    for (const version of bothVersions)
      expectBody(terminalControl, version, '04', { command: terminalCommand.reset, parameters: [] });
    expectBody(terminalControl, '2013', '70', { command: 0x70, parameters: [] });
  });

  it('has parameters with ; between, empty ones too', () => {
    expectBody(terminalControl, '2013', '01 6674703A2F2F612F62 3B 3B 3B 3B D6D0 3B 3231', {
      command: terminalCommand.upgrade,
      parameters: ['ftp://a/b', '', '', '', '中', '21'],
    });
    expectBody(terminalControl, '2019', '02 30 3B', { command: terminalCommand.connectTo, parameters: ['0', ''] });
  });

  it('is not written with a ; inside a parameter', () => {
    expect(() => terminalControl.write({ command: 1, parameters: ['a;b'] }, '2013')).toThrow(RangeError);
  });
});
