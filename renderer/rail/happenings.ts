import type { Delta, Notice, Vehicle } from '../../electron/contract.ts';
import { hasAlarm } from '../store/fleet.ts';
import type { RunningStream } from '../store/streams.ts';

type Happening = Pick<Notice, 'level' | 'text' | 'params'>;

/**
 * What a delta means to an operator, told from what was known before it. The server tells of its own troubles; vehicles and
 * streams speak through their states. A vehicle that was never heard of before is news only when it waits to be admitted.
 */
export function happeningsOf(
  vehicles: ReadonlyMap<string, Vehicle>,
  streams: ReadonlyMap<string, RunningStream>,
  delta: Delta,
): Happening[] {
  const happenings: Happening[] = [];
  for (const vehicle of delta.vehicles ?? []) {
    const before = vehicles.get(vehicle.id);
    const params = { vehicleId: vehicle.id, plate: vehicle.plate || vehicle.headerId };
    if (before?.state !== vehicle.state) {
      if (vehicle.state === 'pending') happenings.push({ level: 'warning', text: 'vehicleNew', params });
      else if (vehicle.state === 'online') happenings.push({ level: 'info', text: 'vehicleOnline', params });
      else if (before?.state === 'online') happenings.push({ level: 'info', text: 'vehicleOffline', params });
    }
    const fresh = freshAlarms(before, vehicle);
    if (fresh) happenings.push({ level: 'error', text: 'vehicleAlarm', params: { ...params, ...fresh } });
  }
  for (const { vehicleId, channel, stream, status } of delta.streams ?? []) {
    const before = streams.get(`${vehicleId}/${channel}/${stream}`)?.phase;
    if (before === undefined || before === status.phase) continue;
    const params = { vehicleId, channel };
    if (status.phase === 'lost') happenings.push({ level: 'warning', text: 'streamLost', params });
    if (status.phase === 'refused')
      happenings.push({
        level: 'warning',
        text: 'streamRefused',
        params: { ...params, code: status.error?.code ?? '' },
      });
  }
  return happenings;
}

/** Alarm bits that were not set before; undefined without any. Bits of a vehicle that just came back count as new. */
function freshAlarms(before: Vehicle | undefined, now: Vehicle): { alarms: number; videoAlarms: number } | undefined {
  if (!now.position || !hasAlarm(now)) return undefined;
  const known = before?.state === 'online' ? before.position : undefined;
  const alarms = (now.position.alarms & ~(known?.alarms ?? 0)) >>> 0;
  const videoAlarms = (now.position.videoAlarms & ~(known?.videoAlarms ?? 0)) >>> 0;
  return alarms || videoAlarms ? { alarms, videoAlarms } : undefined;
}
