import { expect, it } from 'vitest';
import type { Delta, Vehicle } from '../../../electron/contract.ts';
import { createDictionary } from '../../../renderer/i18n/dictionary.ts';
import { happeningsOf } from '../../../renderer/rail/happenings.ts';
import { noticeWords } from '../../../renderer/rail/notice-words.ts';
import type { RunningStream } from '../../../renderer/store/streams.ts';
import { position, streamRow, vehicle } from '../made-up.ts';

const { t } = createDictionary('en');

function happened(before: Vehicle[], delta: Delta, running: RunningStream[] = []): string[] {
  const streams = new Map(running.map(each => [`${each.vehicleId}/${each.channel}/${each.stream}`, each]));
  return happeningsOf(new Map(before.map(each => [each.id, each])), streams, delta).map(
    ({ level, params, ...rest }) =>
      `${level} ${params.plate ?? params.vehicleId}: ${noticeWords({ params, ...rest }, t)}`,
  );
}

const online = vehicle('1', { plate: 'A' });
const offline = vehicle('1', { plate: 'A', state: 'offline' });

it('tells of vehicles that come, go and ask to be admitted', () => {
  expect(happened([offline], { vehicles: [online] })).toEqual(['info A: came online']);
  expect(happened([online], { vehicles: [offline] })).toEqual(['info A: went offline']);
  expect(happened([], { vehicles: [online] })).toEqual(['info A: came online']);
  expect(happened([], { vehicles: [vehicle('2', { state: 'pending' })] })).toEqual([
    'warning 000000000002: asks to be admitted',
  ]);
});

it('does not repeat what has not changed', () => {
  expect(happened([online], { vehicles: [{ ...online, lastSeenAt: 9 }] })).toEqual([]);
  expect(happened([], { vehicles: [offline] })).toEqual([]);
});

it('tells of alarms as they are set, in words', () => {
  const fatigue = { ...online, position: position({ alarms: 0b100 }) };
  expect(happened([online], { vehicles: [fatigue] })).toEqual(['error A: driver fatigue']);
  expect(happened([fatigue], { vehicles: [fatigue] })).toEqual([]);
  const more = { ...online, position: position({ alarms: 0b110, videoAlarms: 2 }) };
  expect(happened([fatigue], { vehicles: [more] })).toEqual(['error A: overspeed, video covered']);
  const highest = { ...online, position: position({ alarms: 2 ** 31 }) };
  expect(happened([online], { vehicles: [highest] })).toEqual(['error A: illegal door opening']);
});

it('tells of streams that are lost or refused, once', () => {
  const running: RunningStream = { vehicleId: '1', channel: 1, stream: 'sub', phase: 'live', subscribers: 1 };
  expect(happened([online], { streams: [streamRow('1', 'lost')] }, [running])).toEqual([
    'warning 1: camera 1: picture lost',
  ]);
  expect(happened([online], { streams: [streamRow('1', 'lost')] }, [{ ...running, phase: 'lost' }])).toEqual([]);
  const refused = streamRow('1', 'refused');
  refused.status.error = { code: 'commandUnsupported', message: '' };
  expect(happened([online], { streams: [refused] }, [running])).toEqual([
    'warning 1: camera 1: The vehicle answered: not supported',
  ]);
  expect(happened([online], { streams: [streamRow('1', 'stalled')] }, [running])).toEqual([]);
});

it('puts what the server tells into words, and shows what it does not know', () => {
  const params = { protocol: 'tcp', port: 7611, code: 'portInUse' };
  expect(noticeWords({ text: 'portNotOpen', params }, t)).toBe(
    'TCP port 7611 is not open: The port is in use by another program. It is tried again.',
  );
  expect(noticeWords({ text: 'storeUnwritable', params: { file: 'a.json', reason: 'EROFS' } }, t)).toBe(
    'Cannot be written: a.json. EROFS',
  );
  expect(noticeWords({ text: 'fromTheFuture', params: {} }, t)).toBe('fromTheFuture');
});
