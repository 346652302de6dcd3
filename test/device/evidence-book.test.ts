import { describe, expect, it } from 'vitest';
import { readDatagram } from '../../electron/codec/datagram.ts';
import { encodeFrames } from '../../electron/codec/jt808/frame.ts';
import { writeBody } from '../../electron/codec/jt808/messages.ts';
import { encodePacket, type Packet } from '../../electron/codec/jt1078/packet.ts';
import { defaultSettings } from '../../electron/config.ts';
import { EvidenceBook } from '../../electron/device/evidence-book.ts';
import type { Link } from '../../electron/device/link.ts';
import { packetProof } from '../../electron/device/proof.ts';
import { Tally } from '../../electron/tally.ts';
import { HandClock } from '../frames/receiver.ts';

const settings = { ...defaultSettings(), doctorKept: 16 };
const link = (id: number): Link => ({
  ...{ id, remote: `10.0.0.1:${id}`, remoteAddress: '10.0.0.1', localAddress: '10.0.0.9', localPort: 7611 },
  send: () => true,
  close: () => undefined,
});

function packet(sim: string, channel: number, payloadType = 98, payload = Buffer.from('000000016588', 'hex')): Packet {
  const fields = { payloadType, sequence: 5, sim: Buffer.from(sim, 'hex'), channel, part: 0, timestamp: 7n, payload };
  let read: Packet | undefined;
  readDatagram(encodePacket({ ...fields, dataType: payloadType === 6 ? 3 : 0 }), {
    ...{ tally: new Tally(), settings },
    knows: () => true,
    packet: given => {
      read = { ...given };
    },
  });
  return read as Packet;
}

describe('evidence', () => {
  it('is of the last terminals, cameras and sources only, however many there were', () => {
    const book = new EvidenceBook(new HandClock(), settings);
    for (let i = 0; i < 5000; i++) {
      const terminal = String(i);
      book.overRate({ terminal, link: link(i) });
      book.mediaOpened(
        { terminal, channel: 1, stream: 'main' },
        { transport: 'udp', remote: `10.0.0.1:${i}` },
        packet('013900000001', 1),
      );
      book.mediaRefused({ transport: 'udp', remote: `10.0.0.1:${i}` }, packet('013900000001', 1), 'unwanted');
    }
    expect(book.refused()).toHaveLength(16);
    expect(book.entry('0')).toBeUndefined();
    expect(book.entry('4999')).toBeDefined();
    expect(book.camera({ terminal: '0', channel: 1, stream: 'main' })).toBeUndefined();
    expect(book.camera({ terminal: '4999', channel: 1, stream: 'main' })?.firstPacket?.bytes.length).toBe(36);
  });

  it('of one source that names ever new terminals is a handful', () => {
    const book = new EvidenceBook(new HandClock(), settings);
    const source = { transport: 'tcp', remote: '10.0.0.1:1' } as const;
    for (let i = 0; i < 500; i++) book.mediaRefused(source, packet(String(i).padStart(12, '0'), 1), 'unwanted');
    expect(book.refused()).toHaveLength(8);
    for (let i = 0; i < 500; i++) book.mediaRefused(source, packet('000000000499', 1), 'unwanted');
    expect(book.refused().at(-1)?.packets).toBe(501);
  });

  it('does not outlive the bytes it was read from, and shows a packet from its magic on', () => {
    const read = packet('013900000001', 3);
    const proof = packetProof(read);
    expect(Buffer.from(proof).toString('hex')).toBe(
      '30316364816200050139000000010300000000000000000700000000' + '0006' + '000000016588',
    );
    new Uint8Array(read.payload.buffer).fill(0);
    expect(proof[0]).toBe(0x30);
  });

  it.each([
    ['013900000001', 98],
    ['00000000013900000001', 98],
    ['013900000001', 6],
    ['00000000013900000001', 6],
  ])('of a packet with the SIM %s and payload type %i begins at the magic', (sim, payloadType) => {
    const proof = Buffer.from(packetProof(packet(sim, 1, payloadType))).toString('hex');
    expect(proof.startsWith('3031636481')).toBe(true);
    expect(proof).toContain(sim);
  });

  it('of 0x8100 ends before the code', () => {
    const book = new EvidenceBook(new HandClock(), settings);
    const speaker = { terminal: '1', link: link(1) };
    book.settled(speaker);
    const body = writeBody(0x8100, { replySerial: 1, result: 0, authCode: 'SECRET' }, '2013');
    const [frame] = encodeFrames({ id: 0x8100, version: '2013', phone: Buffer.alloc(6), serial: 2 }, body);
    book.sent(speaker, 0x8100, 2, body, frame);
    const { bytes, result } = book.entry('1')?.registered ?? {};
    expect(result).toBe(0);
    expect(Buffer.from(bytes ?? []).toString('latin1')).not.toContain('S');
    expect(
      Buffer.from(bytes ?? [])
        .toString('hex')
        .endsWith('000100'),
    ).toBe(true);
  });
});

describe('notes on peers', () => {
  it('of open connections are all there, of closed ones the last', () => {
    const { peers } = new EvidenceBook(new HandClock(), settings);
    const links = Array.from({ length: 100 }, (_, id) => link(id));
    for (const each of links) peers.opened({ ...each, transport: 'tcp' } as never, each);
    expect(peers.all()).toHaveLength(100);
    for (const each of links.slice(0, 90)) peers.closed(each, 'closedByPeer');
    const all = peers.all();
    expect(all.filter(({ closedAt }) => closedAt > 0)).toHaveLength(16);
  });

  it('of one address that a limit keeps out are one', () => {
    const { peers } = new EvidenceBook(new HandClock(), settings);
    for (let port = 1; port < 1000; port++)
      peers.refused({ address: '10.0.0.1', port, localPort: 7611 }, 'connectRate');
    expect(peers.all()).toMatchObject([{ refused: 'connectRate', times: 999 }]);
    for (let i = 0; i < 100; i++) peers.refused({ address: `10.0.1.${i}`, port: 1, localPort: 7611 }, 'connectRate');
    expect(peers.all()).toHaveLength(16);
    peers.refused({ address: '10.0.0.1', port: 1, localPort: 7611 }, 'connectRate');
    expect(peers.all()[0]).toMatchObject({ times: 1, remote: '10.0.0.1:1' });
  });
});
