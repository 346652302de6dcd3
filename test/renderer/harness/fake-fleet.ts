import type { Health, Vehicle } from '../../../electron/contract.ts';

const now = Date.now();
const hour = 3_600_000;

function vehicle(over: Partial<Vehicle> & { id: string; plate: string }): Vehicle {
  const state = over.state ?? 'online';
  return {
    headerId: `0${over.id}`,
    state,
    plateColor: 2,
    group: '',
    maker: '70111',
    model: 'MDVR-4G-4CH',
    version: '2019',
    remote: '10.21.4.77:40122',
    firstSeenAt: now - 900 * hour,
    lastSeenAt: state === 'online' ? now - 2000 : now - 5.85 * hour,
    onlineSince: state === 'online' ? now - 3.2 * hour : 0,
    channels: [1, 2, 3, 4].map(channel => ({ channel })),
    transport: 'both',
    ...(state === 'pending'
      ? {}
      : {
          position: {
            latitude: 31.23042,
            longitude: 121.4737,
            altitude: 12,
            speed: 62,
            direction: 92,
            deviceTime: now - 3000,
            receivedAt: now - 2500,
            fixed: true,
            ignition: true,
            alarms: 0,
            videoAlarms: 0,
            signalLost: [],
            occluded: [],
          },
        }),
    ...over,
  };
}

const names = ['Front', 'Cabin', 'Left', 'Rear'];
const named = names.map((name, i) => ({ channel: i + 1, name }));

export function fakeVehicles(): Vehicle[] {
  const list = [
    vehicle({ id: '13912340001', plate: '沪A·D7261', group: 'East depot', channels: named }),
    vehicle({ id: '13912340002', plate: '沪A·E1190', group: 'East depot' }),
    vehicle({ id: '13912340003', plate: '沪B·77F02', group: 'East depot', channels: named }),
    vehicle({
      id: '13912340004',
      plate: '沪A·D0071',
      group: 'East depot',
      state: 'offline',
      lastSeenAt: now - 9 * hour,
    }),
    vehicle({ id: '13912340005', plate: '粤B·2F983', group: 'Shenzhen', channels: named }),
    vehicle({ id: '13912340006', plate: '粤B·9X221', group: 'Shenzhen', channels: named.slice(0, 2) }),
    vehicle({ id: '13912340007', plate: '粤B·1C004', group: 'Shenzhen' }),
    vehicle({
      id: '13912340008',
      plate: '粤B·5T310',
      group: 'Shenzhen',
      state: 'offline',
      lastSeenAt: now - 30 * hour,
    }),
    vehicle({ id: '13912340009', plate: '川A·7Q052', group: 'Chengdu', state: 'offline', channels: named }),
    vehicle({ id: '13912340010', plate: '川A·2D218', group: 'Chengdu' }),
    vehicle({ id: '13912340011', plate: '京A·88K12', channels: named }),
    vehicle({ id: '13912340012', plate: '浙F·1M330', channels: named }),
    vehicle({ id: '13912345678', plate: '', state: 'pending' }),
    vehicle({ id: '13912345679', plate: '苏E·5J881', state: 'pending' }),
  ];
  for (let i = 0; i < 38; i++)
    list.push(
      vehicle({ id: `1391235${String(i).padStart(4, '0')}`, plate: `沪A·D${8000 + i * 7}`, group: 'West depot' }),
    );
  const alarmed = list[2]?.position;
  if (alarmed) alarmed.alarms = 1 << 2;
  const parked = list[11]?.position;
  if (parked) Object.assign(parked, { speed: 0, ignition: false });
  return list;
}

export function fakeHealth(vehicles: readonly Vehicle[], streams: number): Health {
  return {
    listening: [
      { protocol: 'tcp', address: '0.0.0.0', port: 7611 },
      { protocol: 'tcp', address: '0.0.0.0', port: 6611 },
      { protocol: 'udp', address: '0.0.0.0', port: 6611 },
    ],
    loopP50: 0.4,
    loopP99: 2.1,
    vehiclesOnline: vehicles.filter(each => each.state === 'online').length,
    vehiclesKnown: vehicles.length,
    streams,
    bitsPerSecondIn: streams * 414_000,
    packetsPerSecond: streams * 52,
    connections: 51,
    simulator: { running: false, vehicles: 0 },
    udpReceiveBuffer: 4_194_304,
    udpReceiveBufferAsked: 4_194_304,
  };
}
