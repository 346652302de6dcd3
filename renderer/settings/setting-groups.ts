import type { SettingRow } from '../../electron/contract.ts';
import { en } from '../i18n/en/words.ts';

export type SettingName = keyof typeof en.setting;

export const settingGroups = [
  'listening',
  'web',
  'streams',
  'talk',
  'recordings',
  'terminals',
  'sockets',
  'program',
] as const;
export type SettingGroup = (typeof settingGroups)[number];

const members: Record<Exclude<SettingGroup, 'streams'>, readonly string[]> = {
  listening: [
    'host',
    'signalPort',
    'mediaPort',
    'mediaAddress',
    'mediaPortPublic',
    'transport',
    'udpReceiveBuffer',
    'ftpPort',
    'ftpPublicPort',
    'ftpHost',
    'ftpPassiveFrom',
    'ftpPassiveTo',
    'ftpIdleMs',
    'maxFtpConnections',
  ],
  web: [
    'webEnabled',
    'webHost',
    'webPort',
    'webToken',
    'webCertificate',
    'webKey',
    'maxWebClients',
    'webPingMs',
    'webMessageBytes',
    'webBufferBytes',
    'maxWebRequestBytes',
  ],
  talk: ['talkOpenMs', 'talkBufferMs', 'talkUnsentBytes', 'maxTalkVehicles', 'maxTalks', 'maxTalkEncoders'],
  recordings: [
    'recordFolder',
    'recordQuotaGb',
    'recordKeepDays',
    'recordHeadroomMb',
    'recordQueueBytes',
    'ringBytes',
    'ringSeconds',
    'rewindBytes',
    'rewindSeconds',
    'alarmRecordMinutes',
    'exportFolder',
    'maxExports',
    'storageTimeoutMs',
    'storageListsKept',
    'playbackTransport',
    'playbackSilenceMs',
    'playbackAheadMs',
    'fetchesAtOnce',
    'maxFetches',
    'fetchRetries',
    'uploadSilenceMs',
    'maxUploads',
    'maxUploadMb',
    'maxUploadFiles',
    'alarmKeepDays',
    'pictureKeepDays',
    'pictureQuotaMb',
  ],
  terminals: [
    'registration',
    'maxTerminals',
    'maxTerminalsPerConnection',
    'registrationsPerMinutePerAddress',
    'heartbeatTimeoutMs',
    'commandTimeoutMs',
    'maxPendingCommands',
    'maxPartsPerMessage',
    'maxMessageBytes',
    'maxOpenMessages',
    'partsTimeoutMs',
    'partsRetries',
    'defaultChannels',
    'doctorKept',
    'dataAllowanceMb',
    'dataKeepMonths',
    'alarmMaskOrder',
  ],
  sockets: [
    'maxConnections',
    'maxConnectionsPerAddress',
    'connectRatePerAddress',
    'firstByteMs',
    'idleSignalMs',
    'idleMediaMs',
    'keepAliveMs',
    'maxBytesPerSecondPerPeer',
    'maxJunkBytes',
    'maxWriteBuffer',
    'maxUdpSources',
  ],
  program: [
    'mapFile',
    'simulatorVehicles',
    'simulatorAlarmsPerHour',
    'traceMb',
    'traceMinutes',
    'maxTraces',
    'logLevel',
    'deltaMs',
  ],
};

/** Where a setting stands in the dialog; what is named nowhere is about streams. */
export function settingGroupOf(key: string): SettingGroup {
  for (const group of settingGroups) if (group !== 'streams' && members[group].includes(key)) return group;
  return 'streams';
}

/** Settings that a newer server has and this console has no words for are shown with the server's own. */
export function isNamed(key: string): key is SettingName {
  return key in en.setting;
}

/** What was typed, as the setting's type; undefined when it cannot be that. */
export function readSetting(row: SettingRow, text: string): string | number | undefined {
  if (typeof row.default === 'string') return text.trim();
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) return undefined;
  if ((row.min !== undefined && number < row.min) || (row.max !== undefined && number > row.max)) return undefined;
  return number;
}

/** Units are words too; one that a newer server has is shown as it came. */
export function isUnit(unit: string): unit is keyof typeof en.unit {
  return unit in en.unit;
}
