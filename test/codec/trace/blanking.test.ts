import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDatagram } from '../../../electron/codec/datagram.ts';
import { decodeFrame, type Message } from '../../../electron/codec/jt808/frame.ts';
import { terminalId } from '../../../electron/codec/terminal-id.ts';
import { encodeText } from '../../../electron/codec/text.ts';
import { PcapngWriter } from '../../../electron/codec/trace/pcapng-writer.ts';
import { TraceBlanker } from '../../../electron/codec/trace/trace-blanker.ts';
import { TraceTextReader, TraceTextWriter } from '../../../electron/codec/trace/trace-text.ts';
import { contentOf, type TraceUnit } from '../../../electron/codec/trace/trace-unit.ts';
import { defaultSettings } from '../../../electron/config.ts';
import { Tally } from '../../../electron/tally.ts';
import { type Dialect, dword, frame, word } from '../../live/foreign-frame.ts';
import { ForeignCamera } from '../../live/foreign-packet.ts';
import { anyTraffic } from './made-up-units.ts';

const digits = (length: number) =>
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: length, maxLength: length }).map(all => all.join(''));

const anyPerson = fc.record({
  dialect: fc.constantFrom<Dialect>('2013', '2019'),
  phone: digits(10).map(rest => `1${rest}`),
  plate: fc.tuple(fc.constantFrom('粤', '沪', '京'), digits(6)).map(([city, rest]) => `${city}B${rest}`),
  deviceId: digits(7),
  imei: digits(15),
  iccid: digits(20),
  code: digits(12).map(text => `key-${text}`),
  driverPhone: digits(8).map(rest => `139${rest}`),
  latitude: fc.integer({ min: 20_000_000, max: 50_000_000 }),
  longitude: fc.integer({ min: 80_000_000, max: 130_000_000 }),
  cut: fc.integer({ min: 1, max: 60 }),
});
type Person = typeof anyPerson extends fc.Arbitrary<infer P> ? P : never;

const text = (value: string, length: number) =>
  Buffer.concat([Buffer.from(value, 'latin1'), Buffer.alloc(length)]).subarray(0, length);
const item = (id: number, value: Buffer) => Buffer.concat([Buffer.from([id, value.length]), value]);
const parameter = (id: number, value: Buffer) => Buffer.concat([dword(id), Buffer.from([value.length]), value]);

/** A day of one vehicle: who it is and where it is in every place where it may stand, and in some where it should not. */
function dayOf(person: Person): TraceUnit[] {
  const { dialect, phone, deviceId, imei, iccid, code, latitude, longitude, driverPhone, cut } = person;
  const is2019 = dialect === '2019';
  const plate = Buffer.from(encodeText(person.plate));
  const where = Buffer.concat([dword(latitude), dword(longitude)]);
  const everything = Buffer.concat([
    Buffer.from([1, 2]),
    ...[
      where,
      plate,
      Buffer.from(phone, 'latin1'),
      Buffer.from(phone.padStart(12, '0'), 'hex'),
      Buffer.from(code, 'latin1'),
    ],
  ]);
  const location = Buffer.concat([
    ...[dword(0), dword(0x03), where, word(31), word(412), word(270), Buffer.from('261123120000', 'hex')],
    ...[item(0x01, dword(1234)), item(0x31, Buffer.from([9])), item(0x64, everything), item(0xe1, where)],
  ]);
  const registration = Buffer.concat([
    ...[word(44), word(300), text('ACMEX', is2019 ? 11 : 5), text('MDVR-4', is2019 ? 30 : 20)],
    ...[text(deviceId, is2019 ? 30 : 7), Buffer.from([1]), plate],
  ]);
  const authentication = is2019
    ? Buffer.concat([Buffer.from([code.length]), Buffer.from(code, 'latin1'), text(imei, 15), text('1.0', 20)])
    : Buffer.from(code, 'latin1');
  const properties = Buffer.concat([
    ...[word(7), text('ACMEX', 5), text('MDVR-4', is2019 ? 30 : 20), text(deviceId, is2019 ? 30 : 7)],
    ...[
      Buffer.from(iccid, 'hex'),
      Buffer.from([2]),
      Buffer.from('H1'),
      Buffer.from([2]),
      Buffer.from('F1'),
      word(0x0302),
    ],
  ]);
  const parameters = Buffer.concat([
    ...[word(9), Buffer.from([4]), parameter(0x0083, plate), parameter(0x0040, Buffer.from(driverPhone, 'latin1'))],
    ...[parameter(0x0001, dword(30)), parameter(0xf000, everything)],
  ]);
  const picture = Buffer.concat([
    dword(77),
    Buffer.from([0, 0, 1, 2]),
    location.subarray(0, 28),
    Buffer.alloc(300, 0x55),
  ]);
  const batch = Buffer.concat([
    word(2),
    Buffer.from([1]),
    word(location.length),
    location,
    word(28),
    location.subarray(0, 28),
  ]);

  let serial = 0;
  let at = 1_795_000_000_000_000;
  const units: TraceUnit[] = [];
  const put = (direction: 'in' | 'out', bytes: Uint8Array, transport: 'tcp' | 'udp' = 'tcp') => {
    const remote = { address: '117.136.4.9', port: transport === 'tcp' ? 40_001 : 40_002 };
    at += 1000;
    units.push({
      ...{ at, direction, transport, remote, connection: transport === 'tcp' ? 1 : 2, bytes },
      local: { address: '10.4.2.7', port: 7611 },
    });
  };
  const say = (direction: 'in' | 'out', id: number, body: Buffer) => {
    put(direction, frame({ dialect, id, phone, serial: serial++ }, body));
  };
  /** In parts of `cut` bytes, made by hand: bit 13 of the properties, total and index behind the serial. */
  const sayInParts = (id: number, body: Buffer) => {
    const total = Math.ceil(body.length / cut);
    for (let index = 1; index <= total; index++) {
      const piece = body.subarray((index - 1) * cut, index * cut);
      const plain = Buffer.concat([
        ...[word(id), word(piece.length | 0x2000 | (is2019 ? 0x4000 : 0)), Buffer.from(is2019 ? [1] : [])],
        ...[Buffer.from(phone.padStart(is2019 ? 20 : 12, '0'), 'hex'), word(serial++), word(total), word(index), piece],
      ]);
      const sum = plain.reduce((xor, byte) => xor ^ byte, 0);
      const escaped = [...plain, sum].flatMap(byte => (byte === 0x7e ? [0x7d, 2] : byte === 0x7d ? [0x7d, 1] : [byte]));
      put('in', Uint8Array.from([0x7e, ...escaped, 0x7e]));
    }
  };
  // The text of another message names the code before the message that says what it is.
  say('in', 0x0900, everything);
  say('in', 0x0100, registration);
  say('out', 0x8100, Buffer.concat([word(1), Buffer.from([0]), Buffer.from(code, 'latin1')]));
  say('in', 0x0102, authentication);
  say('in', 0x0002, Buffer.alloc(0));
  say('in', 0x0200, location);
  say('in', 0x0201, Buffer.concat([word(3), location]));
  say('in', 0x0704, batch);
  say('in', 0x0107, properties);
  say('in', 0x0104, parameters);
  say(
    'out',
    0x8103,
    Buffer.concat([Buffer.from([2]), parameter(0x0083, plate), parameter(0x0012, Buffer.from(code, 'latin1'))]),
  );
  say('out', 0x8300, Buffer.concat([Buffer.from([1]), plate, Buffer.from(driverPhone, 'latin1')]));
  say('in', 0x0702, everything);
  say('in', 0x0801, picture);
  // What comes behind an answer that is known to be harmless is not.
  say('in', 0x0001, Buffer.concat([word(1), word(0x9101), Buffer.from([0]), Buffer.from(phone, 'latin1')]));
  sayInParts(0x0104, parameters);
  sayInParts(0x0704, batch);
  say('in', 0x0200, location.subarray(0, 20));
  put('in', Buffer.concat([Buffer.from([0x55]), everything]));
  put('in', frame({ dialect, id: 0x0200, phone, serial: 9 }, location).fill(0x11, 6, 7));

  const camera = new ForeignCamera({ sim: phone.padStart(is2019 ? 20 : 12, '0'), channel: 1 });
  const unit = { data: Buffer.concat([Buffer.alloc(400, 0x65), plate, Buffer.alloc(900, 0x41)]), key: true };
  for (const packet of camera.picture(unit)) put('in', packet);
  put('in', Buffer.concat(camera.picture(unit)), 'udp');
  put('out', camera.sound(Buffer.alloc(160, 0xd5)));
  put('in', new Uint8Array(0));
  return units;
}

function blanked(units: TraceUnit[], person: Person): { text: string; pcapng: Buffer; units: TraceUnit[] } {
  const blanker = new TraceBlanker();
  const head = blanker.head({ vehicle: person.phone, plate: person.plate, startedAt: 1, isBlanked: false });
  for (const unit of units) blanker.look(unit);
  const shown = units.map(unit => blanker.blank(unit));
  const [lines, capture] = [new TraceTextWriter(), new PcapngWriter()];
  const both = shown.map(unit => [lines.unit(unit), capture.unit(unit, contentOf(unit))] as const);
  return {
    text: Buffer.concat([lines.head(head), ...both.map(([line]) => line)]).toString('utf8'),
    pcapng: Buffer.concat([capture.head(head), ...both.map(([, packet]) => packet)]),
    units: shown,
  };
}

/** Everything that names the person or the place, as bytes. */
function secrets(person: Person): Buffer[] {
  const { phone, plate, deviceId, imei, iccid, code, latitude, longitude, driverPhone } = person;
  return [
    ...[phone, deviceId, imei, iccid, code, driverPhone].map(value => Buffer.from(value, 'latin1')),
    ...[phone.padStart(12, '0'), phone.slice(1), iccid].map(value => Buffer.from(value, 'hex')),
    ...[Buffer.from(encodeText(plate)), Buffer.from(plate, 'utf8')],
    ...[dword(latitude), dword(longitude), Buffer.from([117, 136, 4, 9])],
  ];
}

const unescaped = (bytes: Uint8Array) => {
  const plain: number[] = [];
  for (let at = 0; at < bytes.length; at++)
    if (bytes[at] === 0x7d && (bytes[at + 1] === 1 || bytes[at + 1] === 2)) plain.push(0x7c + bytes[++at]!);
    else plain.push(bytes[at]!);
  return Buffer.from(plain);
};

const message = (unit: TraceUnit): Message | undefined => {
  if (unit.bytes[0] !== 0x7e) return undefined;
  const read = decodeFrame(unit.bytes.subarray(1, -1));
  return typeof read === 'string' ? undefined : read;
};

const packets = (unit: TraceUnit, id: string) => {
  const found: object[] = [];
  readDatagram(unit.bytes, {
    tally: new Tally(),
    settings: defaultSettings(),
    knows: terminal => terminal === id,
    packet: ({ payload, terminal, sim: _, ...packet }) => {
      expect(terminal).toBe(id);
      found.push({ ...packet, bytes: payload.length });
    },
  });
  return found;
};

const dayUnit: TraceUnit = {
  ...{ at: 1, direction: 'in', transport: 'tcp', connection: 1, bytes: new Uint8Array(0) },
  ...{ remote: { address: '10.0.0.9', port: 1 }, local: { address: '10.0.0.1', port: 2 } },
};

describe('a blanked trace', () => {
  it('holds nothing of who or where anywhere', () => {
    fc.assert(
      fc.property(anyPerson, person => {
        const { text: lines, pcapng, units } = blanked(dayOf(person), person);
        const places = [pcapng, Buffer.from(lines), unescaped(pcapng), ...units.map(unit => Buffer.from(unit.bytes))];
        for (const secret of secrets(person)) for (const place of places) expect(place.includes(secret)).toBe(false);
        const flat = lines.toLowerCase();
        for (const { phone, plate } of [person]) {
          expect(flat).not.toContain(phone);
          expect(flat).not.toContain(plate.toLowerCase());
        }
        for (const secret of secrets(person)) expect(flat).not.toContain(secret.toString('hex'));
      }),
      { numRuns: 60 },
    );
  });

  it('holds them all before it is blanked', () => {
    fc.assert(
      fc.property(anyPerson, person => {
        const all = Buffer.concat(dayOf(person).map(unit => unescaped(unit.bytes)));
        const { imei, plate } = person;
        const absent = [Buffer.from([117, 136, 4, 9]), Buffer.from(plate, 'utf8'), Buffer.from(person.iccid, 'latin1')];
        if (person.dialect === '2013') absent.push(Buffer.from(imei, 'latin1'));
        for (const secret of secrets(person))
          if (!absent.some(each => each.equals(secret))) expect(all.includes(secret)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('is the same conversation: every message reads, under one other name', () => {
    fc.assert(
      fc.property(anyPerson, person => {
        const before = dayOf(person);
        const { units: after } = blanked(before, person);
        const names = new Set<string>();
        let read = 0;
        expect(after.map(({ at, direction, connection }) => [at, direction, connection])).toEqual(
          before.map(({ at, direction, connection }) => [at, direction, connection]),
        );
        for (const [index, unit] of before.entries()) {
          const was = message(unit);
          const is = message(after[index]!);
          if (!was) continue;
          read++;
          const { phone: _, ...header } = was.header;
          expect(is?.header).toMatchObject(header);
          expect(is?.body.length).toBe(was.body.length);
          names.add(terminalId(is!.header.phone));
        }
        expect(read).toBeGreaterThan(20);
        expect(names.size).toBe(1);
        const [name] = [...names];
        expect(name).not.toBe(person.phone);
        const media = before.flatMap((unit, index) => (contentOf(unit).kind === 'media' ? [index] : []));
        expect(media.length).toBeGreaterThan(3);
        for (const index of media) expect(packets(after[index]!, name!)).toEqual(packets(before[index]!, person.phone));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps what is of no person: speed, kinds of message, numbers of parameters', () => {
    const [person] = fc.sample(anyPerson, { numRuns: 1, seed: 4 });
    const { units } = blanked(dayOf(person!), person!);
    const report = units.map(message).find(each => each?.header.id === 0x0200)!;
    const body = Buffer.from(report.body);
    expect([body.readUInt32BE(8), body.readUInt32BE(12), body.readUInt16BE(16)]).toEqual([0, 0, 0]);
    expect(body.readUInt16BE(18)).toBe(412);
    expect(body.subarray(22, 28).toString('hex')).toBe('261123120000');
    expect(body.subarray(28, 34).toString('hex')).toBe('0104000004d2');
    const text8300 = units.map(message).find(each => each?.header.id === 0x8300)!;
    expect(Buffer.from(text8300.body).toString('latin1')).toMatch(/^.\*+$/);
  });
});

describe('blanking', () => {
  const ids = [0x0100, 0x0102, 0x0104, 0x0107, 0x0200, 0x0201, 0x0500, 0x0704, 0x0801, 0x0802, 0x8100, 0x8103, 0x8300];
  const anyBody = fc.record({
    dialect: fc.constantFrom<Dialect>('2013', '2019'),
    id: fc.oneof(fc.constantFrom(...ids), fc.nat(0xffff)),
    phone: digits(12),
    serial: fc.nat(0xffff),
    body: fc.uint8Array({ maxLength: 400 }),
  });

  it('takes any message and any bytes, and gives as many back', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { maxLength: 10 }), anyTraffic, (said, traffic) => {
        const frames = said.map(({ body, ...head }) => ({ ...dayUnit, bytes: frame(head, body) }));
        const units = [...frames, ...traffic];
        const blanker = new TraceBlanker();
        for (const unit of units) blanker.look(unit);
        for (const unit of units) {
          const was = new Uint8Array(unit.bytes);
          const blanked = blanker.blank(unit);
          expect(new Uint8Array(unit.bytes)).toEqual(was);
          const [before, after] = [message(unit), message(blanked)];
          if (before) expect(after?.body.length).toBe(before.body.length);
          else expect(blanked.bytes.length).toBe(unit.bytes.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a trace as text', () => {
  it('reads back the same, a piece at a time, with either line end', () => {
    fc.assert(
      fc.property(anyPerson, fc.integer({ min: 1, max: 3000 }), fc.boolean(), (person, step, isDos) => {
        const units = dayOf(person);
        const writer = new TraceTextWriter();
        const head = { vehicle: person.phone, plate: person.plate, startedAt: 1_795_000_000_000, isBlanked: false };
        const plain = Buffer.concat([writer.head(head), ...units.map(unit => writer.unit(unit))]).toString('utf8');
        const file = Buffer.from(isDos ? plain.replaceAll('\n', '\r\n') : plain);
        const reader = new TraceTextReader();
        const read: TraceUnit[] = [];
        for (let at = 0; at < file.length; at += step) read.push(...reader.push(file.subarray(at, at + step)));
        expect(reader.head).toEqual(head);
        expect(read).toEqual(units.map(unit => ({ ...unit, bytes: new Uint8Array(unit.bytes) })));
      }),
      { numRuns: 30 },
    );
  });

  it('is one line a unit that a person can read', () => {
    const writer = new TraceTextWriter();
    const line = writer.unit({
      ...{ at: 1_795_000_000_123_456, direction: 'in', transport: 'tcp', connection: 3 },
      ...{ remote: { address: '10.0.0.9', port: 40_001 }, local: { address: 'fe80::1', port: 7611 } },
      bytes: frame({ dialect: '2013', id: 0x0002, phone: '013912345678', serial: 17 }, Buffer.alloc(0)),
    });
    expect(Buffer.from(line).toString()).toBe(
      '2026-11-18T11:06:40.123456Z\tin\ttcp\t10.0.0.9:40001\t[fe80::1]:7611\t3\t0x0002 Terminal heartbeat\t7E000200000139123456780011237E\n',
    );
  });

  it.each([
    ['another program', 'hello\n'],
    ['fields missing', '# convoy trace 1\n#\nin\ttcp\n'],
    ['a wrong time', '# convoy trace 1\n#\nyesterday\tin\ttcp\t1.2.3.4:5\t1.2.3.4:5\t1\tx\t00\n'],
    ['half a byte', '# convoy trace 1\n#\n2026-11-18T11:06:40.123456Z\tin\ttcp\t1.2.3.4:5\t1.2.3.4:5\t1\tx\t0\n'],
    ['a line without an end', `# convoy trace 1\n#\n${'0'.repeat(300_000)}`],
  ])('is refused with the line: %s', (_why, file) => {
    expect(() => new TraceTextReader().push(Buffer.from(file))).toThrow(/trace|line \d+/);
  });
});
