import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PcapngReader } from '../../../electron/codec/trace/pcapng-reader.ts';
import { PcapngWriter } from '../../../electron/codec/trace/pcapng-writer.ts';
import { contentOf, TraceDamaged, type TraceUnit } from '../../../electron/codec/trace/trace-unit.ts';
import { bytes as hex } from '../hex.ts';
import { anyTraffic } from './made-up-units.ts';
import { parsePcapng } from './pcapng-parser.ts';

const head = { vehicle: '13912345678', plate: '粤B12345', startedAt: 1_795_000_000_000, isBlanked: false };

function written(units: readonly TraceUnit[], named = false): Buffer {
  const writer = new PcapngWriter();
  return Buffer.concat([
    writer.head(head),
    ...units.map(unit => writer.unit(unit, named ? contentOf(unit) : undefined)),
  ]);
}

const path = {
  transport: 'tcp',
  connection: 1,
  remote: { address: '10.0.0.9', port: 40_001 },
  local: { address: '10.4.2.7', port: 7611 },
} as const;
const heartbeat = hex('7e000200000139123456780011237e');
const answer = hex('7e8001000501391234567800000011000200a77e');
const talk: TraceUnit[] = [
  { ...path, at: 1_795_000_000_000_001, direction: 'in', bytes: heartbeat },
  { ...path, at: 1_795_000_000_000_500, direction: 'out', bytes: answer },
  { ...path, at: 1_795_000_001_000_000, direction: 'in', bytes: heartbeat },
  { ...path, at: 1_795_000_002_000_000, direction: 'in', bytes: new Uint8Array(0) },
];

describe('a trace as pcapng', () => {
  it('has real ends and times, and sequence numbers that follow each other', () => {
    const { comment, linkType, segments } = parsePcapng(written(talk, true));
    expect(comment.split('\n').slice(0, 3)).toEqual(['convoy trace 1', 'vehicle 13912345678', 'plate 粤B12345']);
    expect(linkType).toBe(101);
    const [vehicle, ours] = ['0a000009:40001', '0a040207:7611'];
    expect(segments.map(({ from, to, way }) => [from, to, way])).toEqual([
      [vehicle, ours, 1],
      [ours, vehicle, 2],
      [vehicle, ours, 1],
      [vehicle, ours, 1],
    ]);
    expect(segments.map(({ at }) => at - 1_795_000_000_000_000n)).toEqual([1n, 500n, 1_000_000n, 2_000_000n]);
    expect(segments.map(({ sequence, acknowledged }) => [sequence, acknowledged])).toEqual([
      [1, 1],
      [1, 16],
      [16, 21],
      [31, 21],
    ]);
    // PSH and ACK; at the end FIN and ACK.
    expect(segments.map(({ flags }) => flags)).toEqual([0x18, 0x18, 0x18, 0x11]);
    expect(segments[1]?.payload).toEqual(Buffer.from(answer));
    expect(segments.map(each => each.comment)).toEqual([
      '0x0002 Terminal heartbeat',
      '0x8001 Platform general response',
      '0x0002 Terminal heartbeat',
      'closed',
    ]);
  });

  it('is right by its definition, and reads back the same, whatever was said', () => {
    fc.assert(
      fc.property(anyTraffic, fc.integer({ min: 1, max: 4000 }), (units, step) => {
        const file = written(units, true);
        const { segments } = parsePcapng(file);
        for (const way of ['in', 'out'] as const) {
          const said = units.filter(unit => unit.direction === way).map(unit => Buffer.from(unit.bytes));
          const seen = segments.filter(segment => segment.way === (way === 'in' ? 1 : 2)).map(each => each.payload);
          expect(Buffer.concat(seen).equals(Buffer.concat(said))).toBe(true);
        }
        const reader = new PcapngReader();
        const read: TraceUnit[] = [];
        for (let at = 0; at < file.length; at += step) read.push(...reader.push(file.subarray(at, at + step)));
        expect(reader.head).toEqual(head);
        expect(read).toEqual(units);
      }),
      { numRuns: 60 },
    );
  });

  it('tells a connection of the same port from the one before', () => {
    const units = [
      ...talk.slice(0, 2),
      { ...path, at: 1_795_000_003_000_000, direction: 'in', connection: 2, bytes: heartbeat } as const,
    ];
    expect(new PcapngReader().push(written(units)).map(unit => unit.connection)).toEqual([1, 1, 2]);
  });

  it('is read as far as it goes when it is cut off, and refused when it is something else', () => {
    const file = written(talk);
    for (let length = 0; length < file.length; length += 7) {
      const units = new PcapngReader().push(file.subarray(0, length));
      expect(units).toEqual(talk.slice(0, units.length));
    }
    expect(() => new PcapngReader().push(Buffer.from('GIF89a, which is no trace'))).toThrow(TraceDamaged);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Buffer.from(file);
        damaged[at] = damaged[at]! ^ by;
        try {
          new PcapngReader().push(damaged);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(TraceDamaged);
        }
      }),
    );
  });
});

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

describe.skipIf(!hasTshark)('tshark, where it is installed', () => {
  it('opens it and finds nothing to complain of', () => {
    const folder = mkdtempSync(join(tmpdir(), 'convoy-pcapng-'));
    const file = join(folder, 'trace.pcapng');
    const long: TraceUnit = { ...talk[0]!, at: 1_795_000_000_500_000, bytes: new Uint8Array(65_530).fill(7) };
    const udp = { ...path, transport: 'udp', connection: 2, remote: { address: 'fe80::9', port: 5 } } as const;
    const six: TraceUnit = {
      ...udp,
      local: { address: '::1', port: 6611 },
      at: 1_795_000_000_600_000,
      direction: 'in',
      bytes: heartbeat,
    };
    writeFileSync(file, written([talk[0]!, talk[1]!, long, six, ...talk.slice(2)], true));
    const checks = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'].flatMap(name => [
      '-o',
      `${name}:TRUE`,
    ]);
    const run = (...words: string[]) => spawnSync('tshark', ['-r', file, ...checks, ...words], { encoding: 'utf8' });
    expect(run().status).toBe(0);
    expect(run().stdout.trim().split('\n')).toHaveLength(7);
    const faults =
      'tcp.analysis.flags || _ws.malformed || tcp.checksum.status == 0 || udp.checksum.status == 0 || ip.checksum.status == 0';
    expect(run('-Y', faults).stdout).toBe('');
    const good = run('-Y', 'tcp.checksum.status == 1').stdout.trim().split('\n');
    expect(good).toHaveLength(6);
    expect(run('-T', 'fields', '-e', 'frame.comment', '-c', '1').stdout.trim()).toBe('0x0002 Terminal heartbeat');
    expect(run('-q', '-z', 'follow,tcp,raw,0').stdout).toContain(Buffer.from(heartbeat).toString('hex'));
    rmSync(folder, { recursive: true });
  }, 60_000);
});
