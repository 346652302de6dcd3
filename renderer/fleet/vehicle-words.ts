import type { TFunction } from 'i18next';
import type { Vehicle, VehicleChannel, VehiclePosition } from '../../electron/contract.ts';
import type { en } from '../i18n/en/words.ts';

type AlarmBit = keyof typeof en.alarmWord;
type VideoAlarmBit = keyof typeof en.videoAlarmWord;

/** JT/T 1078 table 14 defines bits 0 to 6. */
const videoAlarmBits = 7;

/** Every alarm that is set, in words: the word of 0x0200 (808 table 24) and item 0x14 (1078 table 14). */
export function alarmWords(position: Pick<VehiclePosition, 'alarms' | 'videoAlarms'>, t: TFunction): string[] {
  const words: string[] = [];
  for (let bit = 0; bit < 32; bit++)
    if ((position.alarms >>> bit) & 1) words.push(t(`alarmWord.b${bit}` as `alarmWord.${AlarmBit}`));
  for (let bit = 0; bit < videoAlarmBits; bit++)
    if ((position.videoAlarms >>> bit) & 1)
      words.push(t(`videoAlarmWord.b${bit}` as `videoAlarmWord.${VideoAlarmBit}`));
  return words;
}

/** Its channels that have a picture. */
export function camerasOf(vehicle: Pick<Vehicle, 'channels'> | undefined): VehicleChannel[] {
  return (vehicle?.channels ?? []).filter(each => !each.soundOnly);
}

export function isSoundOnly(vehicle: Pick<Vehicle, 'channels'> | undefined, channel: number): boolean {
  return vehicle?.channels.some(each => each.channel === channel && each.soundOnly) ?? false;
}

/** What a camera is called: the operator's name for it, else its channel. */
export function channelTitle(vehicle: Vehicle | undefined, channel: number, t: TFunction): string {
  const name = vehicle?.channels.find(each => each.channel === channel)?.name;
  return name ? `${channel} ${name}` : t('wall.channel', { channel });
}

const headings = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

export function headingWord(degrees: number, t: TFunction): string {
  return t(`heading.${headings[Math.round((((degrees % 360) + 360) % 360) / 45) % 8] ?? 'n'}`);
}

/** `31.23042, 121.47370`: five decimals are about a metre. */
export function positionText(position: Pick<VehiclePosition, 'latitude' | 'longitude'>): string {
  return `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}`;
}

export function speedWords(position: VehiclePosition, t: TFunction): string {
  if (position.speed < 0.05 && !position.ignition) return `${t('figure.speed', { value: 0 })} · ${t('figure.parked')}`;
  return t('figure.speed', { value: Math.round(position.speed) });
}
