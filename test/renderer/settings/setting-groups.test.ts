import { expect, it } from 'vitest';
import { settingTable } from '../../../electron/config.ts';
import type { SettingRow } from '../../../electron/contract.ts';
import { isNamed, readSetting, settingGroupOf } from '../../../renderer/settings/setting-groups.ts';

const row = (over: Partial<SettingRow>): SettingRow => ({
  key: 'k',
  value: 5,
  default: 5,
  restart: false,
  doc: '',
  ...over,
});

it('has a place and a name for every setting of the server', () => {
  const keys = Object.keys(settingTable);
  expect(keys.filter(key => !isNamed(key))).toEqual([]);
  expect(keys.filter(key => settingGroupOf(key) === 'streams')).toEqual([
    'graceMs',
    'stalledAfterMs',
    'lostAfterMs',
    'openTimeoutMs',
    'retryMinMs',
    'retryMaxMs',
    'lossReportMs',
    'sourceSilenceMs',
    'reorderPackets',
    'reorderMs',
    'maxPacketBytes',
    'maxFrameBytes',
    'gopFrames',
    'gopBytes',
    'queueFrames',
    'queueBytes',
    'maxSubscriptions',
  ]);
  expect(['host', 'webToken', 'registration', 'keepAliveMs', 'logLevel'].map(settingGroupOf)).toEqual([
    'listening',
    'web',
    'terminals',
    'sockets',
    'program',
  ]);
});

it('reads whole numbers within their range', () => {
  const number = row({ min: 1, max: 10 });
  expect(['5', ' 10 ', '0', '11', '2.5', '', 'x', '1e1'].map(text => readSetting(number, text))).toEqual([
    5,
    10,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    10,
  ]);
});

it('reads text without the space around it', () => {
  expect(readSetting(row({ default: '', value: '' }), ' 10.0.0.1 ')).toBe('10.0.0.1');
});
