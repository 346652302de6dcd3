import type { ParameterValue } from '../../electron/contract.ts';
import type { en } from '../i18n/en/words.ts';

export type FieldName = keyof typeof en.parameter;
export type ChoiceName = keyof typeof en.parameterChoice;

/** One value within a parameter: where it is, and what it may be (1078-2016 tables 2 to 10). */
export type Field = { readonly path: readonly (string | number)[]; readonly name: FieldName } & (
  | {
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
      readonly unit?: 'kbit' | 'fps' | 'frames' | 'minutes' | 'percent' | 'people';
    }
  /** `choices` by the standard's number; a maker's own number is shown as it is. */
  | { readonly kind: 'choice'; readonly choices: readonly ChoiceName[] }
  /** Bit n has the name `bits[n]`. */
  | { readonly kind: 'bits'; readonly bits: readonly ChoiceName[] }
  /** hhmm. */
  | { readonly kind: 'time' }
);

const resolutions = ['qcif', 'cif', 'wcif', 'd1', 'wd1', 'p720', 'p1080'] as const;
const captions = [
  'captionTime',
  'captionPlate',
  'captionChannel',
  'captionPosition',
  'captionSpeed',
  'captionGnssSpeed',
  'captionDriving',
] as const;
const alarms = [
  'alarmLoss',
  'alarmOcclusion',
  'alarmStorage',
  'alarmDevice',
  'alarmCrowded',
  'alarmDriving',
  'alarmThreshold',
] as const;
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

function encoding(of: 'live' | 'storage', path: readonly (string | number)[]): Field[] {
  const at = [...path, of];
  const names = encodingNames[of];
  return [
    { path: [...at, 'mode'], name: names.mode, kind: 'choice', choices: ['constant', 'variable', 'average'] },
    { path: [...at, 'resolution'], name: names.resolution, kind: 'choice', choices: resolutions },
    { path: [...at, 'keyFrameInterval'], name: names.keyFrames, kind: 'number', min: 1, max: 1000, unit: 'frames' },
    { path: [...at, 'frameRate'], name: names.frameRate, kind: 'number', min: 1, max: 120, unit: 'fps' },
    { path: [...at, 'bitRate'], name: names.bitRate, kind: 'number', min: 1, max: 0xffffffff, unit: 'kbit' },
  ];
}

const encodingNames = {
  live: {
    mode: 'liveMode',
    resolution: 'liveResolution',
    keyFrames: 'liveKeyFrames',
    frameRate: 'liveFrameRate',
    bitRate: 'liveBitRate',
  },
  storage: {
    mode: 'storageMode',
    resolution: 'storageResolution',
    keyFrames: 'storageKeyFrames',
    frameRate: 'storageFrameRate',
    bitRate: 'storageBitRate',
  },
} as const;

function video(path: readonly (string | number)[]): Field[] {
  return [
    ...encoding('live', path),
    ...encoding('storage', path),
    { path: [...path, 'captions'], name: 'captions', kind: 'bits', bits: captions },
  ];
}

/** Parameters of pictures that a form is made for, by id, in the order it shows them. */
export const videoParameterIds = [0x75, 0x76, 0x77, 0x79, 0x7a, 0x7b, 0x7c] as const;
export type VideoParameterId = (typeof videoParameterIds)[number];
export const parameterGroups = {
  0x75: 'every',
  0x76: 'channels',
  0x77: 'single',
  0x79: 'alarms',
  0x7a: 'masked',
  0x7b: 'people',
  0x7c: 'waking',
} as const satisfies Record<VideoParameterId, string>;

/** As the standards write its id. */
export function parameterId(id: number): string {
  return `0x${id.toString(16).padStart(4, '0').toUpperCase()}`;
}

/** The fields of a value as it came: tables have as many as they have rows. */
export function fieldsOf(id: VideoParameterId, value: ParameterValue): Field[] {
  if (id === 0x75) return [...video([]), { path: ['audio'], name: 'audio', kind: 'choice', choices: ['off', 'on'] }];
  if (id === 0x76) return tableFields(value);
  if (id === 0x77) return Array.isArray(value) ? value.flatMap((_, at) => channelFields(at)) : [];
  if (id === 0x79)
    return [
      { path: ['storagePercent'], name: 'storagePercent', kind: 'number', min: 1, max: 99, unit: 'percent' },
      { path: ['minutesAfter'], name: 'minutesAfter', kind: 'number', min: 1, max: 255, unit: 'minutes' },
      { path: ['minutesBefore'], name: 'minutesBefore', kind: 'number', min: 1, max: 255, unit: 'minutes' },
    ];
  if (id === 0x7a) return [{ path: [], name: 'maskedAlarms', kind: 'bits', bits: alarms }];
  if (id === 0x7b)
    return [
      { path: ['passengers'], name: 'passengers', kind: 'number', min: 0, max: 255, unit: 'people' },
      { path: ['fatigue'], name: 'fatigue', kind: 'number', min: 0, max: 255 },
    ];
  return [
    { path: ['modes'], name: 'wakeModes', kind: 'bits', bits: ['byCondition', 'byTime', 'byHand'] },
    { path: ['conditions'], name: 'wakeConditions', kind: 'bits', bits: ['emergency', 'collision', 'door'] },
    { path: ['weekdays'], name: 'wakeDays', kind: 'bits', bits: weekdays },
    { path: ['periodsOn'], name: 'wakePeriods', kind: 'bits', bits: ['period1', 'period2', 'period3', 'period4'] },
    ...[0, 1, 2, 3].flatMap((at): Field[] => [
      { path: ['periods', at, 'wake'], name: 'wake', kind: 'time' },
      { path: ['periods', at, 'sleep'], name: 'sleep', kind: 'time' },
    ]),
  ];
}

function channelFields(at: number): Field[] {
  return [{ path: [at, 'channel'], name: 'channel', kind: 'number', min: 1, max: 255 }, ...video([at])];
}

function tableFields(value: ParameterValue): Field[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return (['audioVideo', 'audio', 'video'] as const).flatMap(list => {
    const rows = value[list];
    if (!Array.isArray(rows)) return [];
    return rows.flatMap((_, at): Field[] => [
      { path: [list, at, 'logical'], name: 'channel', kind: 'number', min: 1, max: 255 },
      { path: [list, at, 'physical'], name: 'physical', kind: 'number', min: 1, max: 255 },
      {
        path: [list, at, 'kind'],
        name: 'channelKind',
        kind: 'choice',
        choices: ['audioVideo', 'audioOnly', 'videoOnly'],
      },
      { path: [list, at, 'panTilt'], name: 'panTilt', kind: 'choice', choices: ['no', 'yes'] },
    ]);
  });
}

export function valueAt(value: ParameterValue, path: Field['path']): ParameterValue {
  return path.reduce<ParameterValue>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)] ?? null;
    return typeof inner === 'object' && inner !== null ? (inner[step] ?? null) : null;
  }, value);
}

/** A copy with one value changed. */
export function withValue(value: ParameterValue, path: Field['path'], to: ParameterValue): ParameterValue {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.map((inner, at) => (at === step ? withValue(inner, rest, to) : inner));
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [step]: withValue(value[step] ?? null, rest, to) };
}

/** False for what the standard has no room for: the server would refuse it. */
export function isFine(field: Field, value: ParameterValue): boolean {
  if (field.kind === 'number')
    return typeof value === 'number' && Number.isInteger(value) && value >= field.min && value <= field.max;
  if (field.kind === 'time') return typeof value === 'string' && /^([01]\d|2[0-3])[0-5]\d$/.test(value);
  return typeof value === 'number';
}
