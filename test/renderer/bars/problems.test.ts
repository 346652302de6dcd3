import { expect, it } from 'vitest';
import type { Health } from '../../../electron/contract.ts';
import { listeningWords, problemsOf, problemWords, slowLoopMs } from '../../../renderer/bars/problems.ts';
import { createDictionary } from '../../../renderer/i18n/dictionary.ts';

const { t } = createDictionary('en');

const well: Health = {
  listening: [
    { protocol: 'tcp', address: '0.0.0.0', port: 7611 },
    { protocol: 'tcp', address: '0.0.0.0', port: 6611 },
    { protocol: 'udp', address: '0.0.0.0', port: 6611 },
    { protocol: 'http', address: '127.0.0.1', port: 3000 },
  ],
  loopP50: 0.3,
  loopP99: 2,
  vehiclesOnline: 0,
  vehiclesKnown: 0,
  streams: 0,
  bitsPerSecondIn: 0,
  packetsPerSecond: 0,
  connections: 0,
  simulator: { running: false, vehicles: 0 },
  udpReceiveBuffer: 4_194_304,
  udpReceiveBufferAsked: 4_194_304,
};

it('has nothing to say when all is well', () => {
  expect(problemsOf(well)).toEqual([]);
  expect(problemsOf({ ...well, udpReceiveBuffer: 0 })).toEqual([]);
  expect(problemsOf({ ...well, loopP99: slowLoopMs })).toEqual([]);
});

it('measures the receive buffer by what was asked for', () => {
  expect(problemsOf({ ...well, udpReceiveBuffer: 65_536, udpReceiveBufferAsked: 65_536 })).toEqual([]);
  expect(problemsOf({ ...well, udpReceiveBuffer: 4_194_304, udpReceiveBufferAsked: 8_388_608 })).toEqual([
    { kind: 'bufferSmall', bytes: 4_194_304, wanted: 8_388_608 },
  ]);
});

it('names what a person should look at', () => {
  const bad: Health = {
    ...well,
    listening: [{ protocol: 'tcp', address: '0.0.0.0', port: 7611, error: 'portInUse' }],
    loopP99: 180.4,
    udpReceiveBuffer: 212_992,
  };
  expect(problemsOf(bad).map(problem => problemWords(problem, t))).toEqual([
    'TCP 7611 is not open: The port is in use by another program',
    'No vehicle port is open',
    'The server is busy: event loop delay p99 180 ms',
    'The kernel grants 208 KiB of UDP receive buffer; raise net.core.rmem_max to 4194304 so that bursts are not lost',
  ]);
});

it('names a port that is open in both ways once, and vehicle ports only', () => {
  expect(listeningWords(well)).toBe('TCP 7611 · UDP/TCP 6611');
  expect(listeningWords({ ...well, listening: [] })).toBe('');
});
