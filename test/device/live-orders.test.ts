import { expect, test } from 'vitest';
import type { HeaderVersion } from '../../electron/codec/jt808/frame.ts';
import { defaultSettings } from '../../electron/config.ts';
import type { Link } from '../../electron/device/link.ts';
import { mediaTarget, openLive, targetWords } from '../../electron/device/live-orders.ts';
import { Session } from '../../electron/device/session.ts';
import { silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';

function sessionOn(localAddress: string): Session {
  const link: Link = {
    id: 1,
    remote: '10.0.0.9:4000',
    remoteAddress: '10.0.0.9',
    localAddress,
    localPort: 7611,
    send: () => true,
    close: () => undefined,
  };
  const header = {
    id: 2,
    version: '2013' as HeaderVersion,
    protocolVersion: 0,
    encryption: 0,
    phone: Buffer.alloc(6),
    serial: 0,
  };
  const settings = defaultSettings();
  return new Session('0', link, header, { clock: new ManualClock(), tally: new Tally(), settings, log: silentLog });
}

test.each([
  ['10.4.2.7', '10.4.2.7'],
  ['::ffff:10.4.2.7', '10.4.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
])('a connection to %s is told to send media to %s', (localAddress, address) => {
  expect(mediaTarget(sessionOn(localAddress), 'both', { media: 6611, udp: 6611 }, defaultSettings())).toEqual({
    address,
    tcpPort: 6611,
    udpPort: 6611,
  });
});

test('words for a person', () => {
  expect(targetWords({ address: '10.4.2.7', tcpPort: 6611, udpPort: 6611 })).toBe('10.4.2.7 UDP 6611 / TCP 6611');
  expect(targetWords({ address: '10.4.2.7', tcpPort: 0, udpPort: 6611 })).toBe('10.4.2.7 UDP 6611');
  expect(targetWords({ address: 'fe80::1', tcpPort: 6611, udpPort: 0 })).toBe('[fe80::1] TCP 6611');
});

test('without an open media port nothing is asked', async () => {
  const session = sessionOn('10.4.2.7');
  const target = mediaTarget(session, 'both', { media: 0, udp: 0 }, { ...defaultSettings(), mediaPortPublic: 9000 });
  expect(target).toMatchObject({ tcpPort: 0, udpPort: 0 });
  expect(await openLive(session, { terminal: '0', channel: 1, stream: 'main' }, target)).toMatchObject({
    ok: false,
    code: 'listenFailed',
  });
});
