import type { StreamRow, Vehicle, VehiclePosition } from '../../electron/contract.ts';

export function position(over: Partial<VehiclePosition> = {}): VehiclePosition {
  return {
    latitude: 31.230416,
    longitude: 121.473701,
    altitude: 4,
    speed: 62.4,
    direction: 92,
    deviceTime: 0,
    receivedAt: 0,
    fixed: true,
    ignition: true,
    alarms: 0,
    videoAlarms: 0,
    signalLost: [],
    occluded: [],
    ...over,
  };
}

export function vehicle(id: string, over: Partial<Vehicle> = {}): Vehicle {
  return {
    id,
    headerId: id.padStart(12, '0'),
    state: 'online',
    plate: '',
    plateColor: 2,
    group: '',
    maker: '',
    model: '',
    version: '2019',
    remote: '',
    firstSeenAt: 0,
    lastSeenAt: 0,
    onlineSince: 0,
    channels: [{ channel: 1 }, { channel: 2 }],
    transport: 'both',
    ...over,
  };
}

export function streamRow(
  vehicleId: string,
  phase: StreamRow['status']['phase'],
  over: Partial<StreamRow> = {},
): StreamRow {
  return {
    vehicleId,
    channel: 1,
    stream: 'sub',
    headerId: vehicleId.padStart(12, '0'),
    subscribers: 1,
    status: {
      phase,
      since: 0,
      steps: [],
      attempts: 0,
      lastFrameAt: 0,
      fps: 0,
      bitsPerSecond: 0,
      lossRatio: 0,
    },
    frames: 0,
    bytes: 0,
    keyFrames: 0,
    packetsLost: 0,
    framesDropped: 0,
    ...over,
  };
}
