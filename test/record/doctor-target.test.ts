import { describe, expect, it } from 'vitest';
import { defaultSettings, type Settings } from '../../electron/config.ts';
import type { EntryEvidence } from '../../electron/device/evidence.ts';
import type { CameraCase } from '../../electron/record/doctor-camera.ts';
import { isPrivate, looksLike } from '../../electron/record/doctor-facts.ts';
import { blockedCauses } from '../../electron/record/doctor-target.ts';

/** A terminal at `from` that reached us at `reached` and was told to send to `address`. */
function causesFor(from: string, reached: string, address: string, settings: Partial<Settings> = {}) {
  const link = { id: 1, remote: `${from}:4000`, remoteAddress: from, localAddress: reached, localPort: 7611 };
  const entry: EntryEvidence = { link: { ...link, send: () => true, close: () => undefined }, openedAt: 1 };
  const about: CameraCase = {
    id: '1',
    vehicle: undefined,
    entry,
    peers: [],
    refused: [],
    listening: [
      { protocol: 'tcp', address: '0.0.0.0', port: 7611 },
      { protocol: 'tcp', address: '0.0.0.0', port: 6611 },
      { protocol: 'udp', address: '0.0.0.0', port: 6611 },
    ],
    isNew: () => false,
    settings: { ...defaultSettings(), ...settings },
    now: 10_000,
    key: { vehicleId: '1', channel: 1, stream: 'main' },
    row: undefined,
    sibling: undefined,
    evidence: undefined,
  };
  const asked = { at: 1000, bytes: new Uint8Array(0), serial: 1, address, tcpPort: 6611, udpPort: 6611 };
  return blockedCauses(about, asked).map(({ cause, setting }) => `${cause} ${setting}`);
}

const always = ['udpBlocked transport', 'mediaBlocked mediaAddress'];

describe('causes of media that does not arrive', () => {
  it.each([
    [
      'a public vehicle told a loopback address',
      '203.0.113.9',
      '127.0.0.1',
      '127.0.0.1',
      ['addressLoopback mediaAddress'],
    ],
    ['a public vehicle told a private address', '203.0.113.9', '10.0.0.4', '10.0.0.4', ['addressPrivate mediaAddress']],
    [
      'a public vehicle told one behind carrier NAT',
      '203.0.113.9',
      '100.64.0.4',
      '100.64.0.4',
      ['addressPrivate mediaAddress'],
    ],
    ['a private vehicle told a private address', '192.168.1.20', '192.168.1.4', '192.168.1.4', []],
    ['a vehicle on this machine', '127.0.0.1', '127.0.0.1', '127.0.0.1', []],
    ['a mapped IPv4 address is that address', '203.0.113.9', '::ffff:198.51.100.7', '198.51.100.7', []],
  ])('%s', (_what, from, reached, address, causes) => {
    expect(causesFor(from, reached, address)).toEqual([...causes, ...always]);
  });

  it('name the address that was set when the vehicle came by another', () => {
    expect(causesFor('198.51.100.1', '198.51.100.7', '198.51.100.8', { mediaAddress: '198.51.100.8' })).toEqual([
      'addressOther mediaAddress',
      ...always,
    ]);
  });

  it('name a forwarded port with the one behind it', () => {
    expect(causesFor('198.51.100.1', '198.51.100.7', '198.51.100.7', { mediaPortPublic: 16611 })).toEqual([
      'portForwarded mediaPortPublic',
      ...always,
    ]);
  });
});

describe('addresses', () => {
  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '127.0.0.1',
    '::1',
    'fd00::1',
    'fe80::1',
  ])('%s is not of the internet', address => expect(isPrivate(address)).toBe(true));
  it.each(['8.8.8.8', '172.32.0.1', '172.15.0.1', '100.128.0.1', '203.0.113.9', '2001:db8::1'])('%s may be', address =>
    expect(isPrivate(address)).toBe(false),
  );
});

describe('what bytes look like', () => {
  it.each([
    ['160303', 'tls'],
    [Buffer.from('POST /a HTTP/1.1').toString('hex'), 'http'],
    [Buffer.from('SSH-2.0-x').toString('hex'), 'ssh'],
    [Buffer.from('OPTIONS rtsp://a RTSP/1.0').toString('hex'), 'rtsp'],
    ['7e000102', 'damaged808'],
    ['3031636481620000', 'damaged1078'],
    ['3031636461620000', 'attachment'],
    [Buffer.from('hello\r\n').toString('hex'), 'text'],
    ['00ff', 'binary'],
  ])('%s: %s', (hex, looks) => expect(looksLike(Buffer.from(hex, 'hex'))).toBe(looks));
});
