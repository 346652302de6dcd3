import { describe, expect, it } from 'vitest';
import { encodeFrames } from '../../../electron/codec/jt808/frame.ts';
import { Receiver, type Recording } from '../../frames/receiver.ts';
import { bytes as hex, join } from '../hex.ts';
import { Camera, keyUnit, noise, plainUnit, pps, sim6, sim10, spsQcif, terminal } from './camera.ts';

function overTcp(chunks: Uint8Array[], options: { known?: string[]; terminal?: string; channel?: number } = {}) {
  const receiver = new Receiver({ known: options.known ?? [] });
  const recording = receiver.expect(options.terminal ?? terminal, options.channel ?? 1);
  const { source, delimiter } = receiver.connect();
  for (const chunk of chunks) delimiter.push(chunk);
  return { receiver, recording, source, delimiter };
}

function dataOf(recording: Recording): Uint8Array[] {
  return recording.frames.map(frame => frame.data);
}

/** Both layouts, whole fields: magic · 81 · PT 98 · sequence · SIM · channel 1 · I, atomic · timestamp · intervals · length. */
const videoSix = (sequence: string, sim: string, payload: string) =>
  hex(
    `30316364 81 62 ${sequence} ${sim} 01 00 0000000000000010 0000 0000 00${(payload.length / 2).toString(16).padStart(2, '0')} ${payload}`,
  );

describe('oddity 1: a SIM of 10 bytes', () => {
  const ten = (sequence: string) => videoSix(sequence, '00000000013912345678', '0000000165AABBCC');
  const six = (sequence: string) => videoSix(sequence, '000056AEBC2A', '0000000165AABBCC');

  it('is told by where the next packet begins', () => {
    const { receiver } = overTcp([ten('0000'), ten('0001'), ten('0002')]);
    expect(receiver.packets.map(packet => packet.terminal)).toEqual([terminal, terminal, terminal]);
    expect(receiver.packets[0]?.payload).toEqual(hex('0000000165AABBCC'));
  });

  it('is not concluded from zeros: the 6-byte id 000056AEBC2A stays one', () => {
    const { receiver } = overTcp([six('0000'), six('0001')]);
    expect(receiver.packets.map(packet => packet.terminal)).toEqual(['56AEBC2A', '56AEBC2A']);
  });

  it('is told by the datagram’s end over UDP', () => {
    const receiver = new Receiver();
    receiver.datagram(receiver.udpSource(), ten('0000'));
    receiver.datagram(receiver.udpSource(), six('0000'));
    expect(receiver.packets.map(packet => packet.terminal)).toEqual([terminal, '56AEBC2A']);
  });

  it('is told from the very first packet when the terminal is known', () => {
    const { receiver } = overTcp([ten('0000')], { known: [terminal] });
    expect(receiver.packets.length).toBe(1);
  });

  it('is pinned, and decided anew when packets stop fitting', () => {
    const { receiver } = overTcp([join(ten('0000'), ten('0001'), six('0000'), six('0001'), six('0002'))]);
    expect(receiver.packets.map(packet => packet.terminal)).toEqual([
      terminal,
      terminal,
      '56AEBC2A',
      '56AEBC2A',
      '56AEBC2A',
    ]);
    expect(receiver.tally.get('delimit.junkBytes')).toBe(0);
  });
});

it('oddity 2: an id that is not BCD is kept as hexadecimal digits', () => {
  const { receiver } = overTcp([
    videoSix('0000', '0056AEBC2A0F', '0000000161AA'),
    videoSix('0001', '0056AEBC2A0F', '0000000161AB'),
  ]);
  expect(receiver.packets.map(packet => packet.terminal)).toEqual(['56AEBC2A0F', '56AEBC2A0F']);
  expect(receiver.packets[0]?.sim).toEqual(hex('0056AEBC2A0F'));
});

it('oddity 3: the HiSilicon header before ADPCM is handed on as sent', () => {
  // 00 01 52 00: 82 = (168 - 4) / 2; then valprev, index, 0 and 160 bytes of IMA
  const payload = join(hex('00015200 56FA2300'), noise(160));
  const camera = new Camera();
  const { recording } = overTcp([camera.sound(payload, 40, { payloadType: 26 })], { known: [terminal] });
  expect(recording.sounds.map(sound => sound.data)).toEqual([payload]);
  expect(recording.sounds[0]?.payloadType).toBe(26);
});

describe('oddity 4: the M bit means nothing', () => {
  for (const [name, marker] of [
    ['never set', () => false],
    ['always set', () => true],
    ['set on the first packet only', (index: number) => index === 0],
  ] as const)
    it(name, () => {
      const camera = new Camera();
      const unit = keyUnit(3000);
      const packets = camera
        .unit(unit, { dataType: 0 })
        .map((packet, index) => packet.with(5, marker(index) ? packet[5]! | 0x80 : packet[5]! & 0x7f));
      const { recording } = overTcp(packets, { known: [terminal] });
      expect(dataOf(recording)).toEqual([unit]);
    });
});

describe('oddity 5: flags or timestamps that cannot be trusted', () => {
  const units = [keyUnit(3000, 1), plainUnit(2500, 2), plainUnit(400, 3), plainUnit(1900, 4), keyUnit(2900, 5)];
  const sendAll = (part: number | undefined, timestamp: (unit: number, packet: number) => number) => {
    const camera = new Camera();
    let sent = 0;
    return units.flatMap((unit, index) =>
      camera.unit(unit, { dataType: index % 4 === 0 ? 0 : 1 }).map((packet, at) => {
        const view = new DataView(packet.buffer);
        view.setBigUint64(16, BigInt(timestamp(index, sent++)));
        if (part !== undefined) packet[15] = (packet[15]! & 0xf0) | part;
        expect(at).toBeLessThan(4);
        return packet;
      }),
    );
  };

  for (const [name, part] of [
    ['atomic', 0],
    ['first', 1],
    ['last', 2],
    ['middle', 3],
  ] as const)
    it(`every packet says ${name}: units are told apart by timestamp`, () => {
      const { receiver, recording, source } = overTcp(
        sendAll(part, unit => unit * 40),
        { known: [terminal] },
      );
      receiver.intake.sourceClosed(source);
      // with `last` or `middle` nothing shows that the first packets of the connection begin a unit
      const expected = part >= 2 ? units.slice(1) : units;
      expect(dataOf(recording)).toEqual(expected);
      expect(receiver.tally.get('assemble.flagsUnreliable')).toBe(1);
    });

  it('every packet says atomic and is cut at 700 bytes: no piece is taken for a unit', () => {
    const camera = new Camera({ payloadBytes: 700 });
    const sent = [keyUnit(1900), plainUnit(1500), plainUnit(300), keyUnit(2100)];
    const { receiver, recording, source } = overTcp(
      sent.flatMap((unit, at) => camera.unit(unit, { part: 0, timestamp: BigInt(at * 40) })),
      { known: [terminal] },
    );
    receiver.intake.sourceClosed(source);
    expect(dataOf(recording)).toEqual(sent);
  });

  it('a timestamp that changes within a unit: the flags decide, the first packet’s counts', () => {
    const { recording } = overTcp(
      sendAll(undefined, (_, packet) => 1000 + packet * 7),
      { known: [terminal] },
    );
    expect(dataOf(recording)).toEqual(units);
    expect(recording.frames[0]?.ptsMs).toBe(1000);
    expect(recording.frames[1]?.ptsMs).toBe(1028);
  });

  it('a timestamp that never changes: arrival tells the time', () => {
    const receiver = new Receiver({ known: [terminal] });
    const recording = receiver.expect(terminal, 1);
    const { delimiter } = receiver.connect();
    const camera = new Camera();
    for (let index = 0; index < 20; index++) {
      for (const packet of index === 0 ? camera.key(700, 5) : camera.plain(300, 5)) delimiter.push(packet);
      receiver.pass(40);
    }
    const times = recording.frames.map(frame => frame.ptsMs);
    expect(times.length).toBe(20);
    expect(times.at(-1)! - times.at(-2)!).toBe(40);
    expect(times.at(-1)! - times.at(-11)!).toBe(400);
  });

  it('a missing last: what is there is whole when the next unit follows without a loss', () => {
    const camera = new Camera();
    const [first, middle] = [
      camera.packet({ dataType: 0, part: 1, payload: keyUnit(950) }),
      camera.packet({ dataType: 0, part: 3, payload: noise(500) }),
    ];
    const { recording } = overTcp([first, middle, ...camera.plain(100, 40)], { known: [terminal] });
    expect(dataOf(recording)).toEqual([join(keyUnit(950), noise(500)), plainUnit(100)]);
    expect(recording.gaps).toEqual([]);
  });

  it('a large atomic unit at the start is not held back when nothing follows', () => {
    const camera = new Camera();
    const { receiver, recording } = overTcp(camera.key(940, 0), { known: [terminal] });
    receiver.pass(100);
    expect(dataOf(recording)).toEqual([keyUnit(940)]);
  });
});

it('oddity 6: timestamps of any epoch are kept, and sound a little behind stays with its picture', () => {
  for (const epoch of [1566919211506, 29826261, 630671952942, 0]) {
    const camera = new Camera();
    const { recording } = overTcp(
      [
        ...camera.key(500, epoch),
        camera.sound(noise(160), Math.max(epoch - 2, 0)),
        ...camera.plain(300, epoch + 40),
        camera.sound(noise(160), epoch + 38),
        camera.sound(noise(160), epoch + 38),
      ],
      { known: [terminal] },
    );
    expect(recording.frames.map(frame => frame.ptsMs)).toEqual([epoch, epoch + 40]);
    expect(recording.sounds.map(sound => sound.ptsMs)).toEqual([Math.max(epoch - 2, 0), epoch + 38, epoch + 38]);
  }
});

it('oddity 6: intervals of 65535 or of anything are not used', () => {
  const camera = new Camera();
  const packets = [0, 1, 2].flatMap(index =>
    camera.unit(index === 0 ? keyUnit(400) : plainUnit(200), {
      dataType: index === 0 ? 0 : 1,
      timestamp: BigInt(index * 40),
      sinceKeyMs: 65535,
      sinceFrameMs: 185,
    }),
  );
  const { recording } = overTcp(packets, { known: [terminal] });
  expect(recording.frames.map(frame => frame.ptsMs)).toEqual([0, 40, 80]);
});

it('oddity 7: SPS and PPS with start codes of 4 bytes and the IDR slice with 3 in one frame is a key frame', () => {
  const unit = join(spsQcif, pps, hex('000001 65'), noise(300));
  const camera = new Camera();
  const { recording } = overTcp(camera.unit(unit, { dataType: 0 }), { known: [terminal] });
  expect(recording.frames.map(frame => [frame.key, frame.data])).toEqual([[true, unit]]);
});

describe('oddity 8: several NAL units in a frame', () => {
  it('SPS, PPS, SEI and IDR are one key frame', () => {
    const unit = join(spsQcif, pps, hex('00000001 0605 04 AABBCCDD 80'), hex('00000001 65'), noise(2000));
    const camera = new Camera();
    const { recording } = overTcp(camera.unit(unit, { dataType: 0 }), { known: [terminal] });
    expect(recording.frames.map(frame => [frame.key, frame.data])).toEqual([[true, unit]]);
  });

  it('a stream may begin with P: whole frames leave, marked as no key', () => {
    const camera = new Camera();
    const { recording } = overTcp([...camera.plain(1200, 0), ...camera.plain(300, 40), ...camera.key(1500, 80)], {
      known: [terminal],
    });
    expect(recording.frames.map(frame => frame.key)).toEqual([false, false, true]);
    expect(recording.gaps).toEqual([]);
  });

  it('a stream may begin in the middle of a frame: its rest is not one', () => {
    const camera = new Camera();
    const [, ...rest] = camera.plain(2400, 0);
    const { recording } = overTcp([...rest, ...camera.plain(300, 40), ...camera.key(1500, 80)], { known: [terminal] });
    expect(dataOf(recording)).toEqual([plainUnit(300), keyUnit(1500)]);
  });

  it('parameter sets sent as units of their own precede the key frame and are none', () => {
    const camera = new Camera();
    const idr = join(hex('00000001 65'), noise(1500));
    const { recording } = overTcp(
      [spsQcif, pps, idr].flatMap(unit => camera.unit(unit, { dataType: 0 })),
      { known: [terminal] },
    );
    expect(recording.frames.map(frame => [frame.key, frame.data])).toEqual([
      [false, spsQcif],
      [false, pps],
      [true, idr],
    ]);
  });

  it('they pass after a loss too, with the gap told before them', () => {
    const camera = new Camera();
    const idr = join(hex('00000001 65'), noise(500));
    const before = [...camera.key(500, 0), ...camera.plain(200, 40)];
    camera.sequence++;
    const after = [
      ...camera.plain(200, 120),
      ...camera.plain(200, 160),
      ...camera.unit(spsQcif, { dataType: 0 }),
      ...camera.unit(pps, { dataType: 0 }),
      ...camera.unit(idr, { dataType: 0 }),
    ];
    const { recording } = overTcp([...before, ...after], { known: [terminal] });
    expect(recording.told).toEqual(['open tcp-1', 'key', 'frame', 'gap 0 loss', 'gap 2 loss', 'frame', 'frame', 'key']);
  });

  it('an I frame without IDR counts as key when it carries its SPS', () => {
    const camera = new Camera();
    const unit = join(spsQcif, pps, hex('00000001 41'), noise(100));
    const { recording } = overTcp(camera.unit(unit, { dataType: 0 }), { known: [terminal] });
    expect(recording.frames[0]?.key).toBe(true);
  });
});

it('oddity 9: a key frame every second frame at irregular intervals of 40 to 200 ms', () => {
  const camera = new Camera();
  const times = [0, 40, 240, 300, 500, 540];
  const packets = times.flatMap((time, index) => (index % 2 === 0 ? camera.key(1100, time) : camera.plain(200, time)));
  const { recording } = overTcp(packets, { known: [terminal] });
  expect(recording.frames.map(frame => [frame.key, frame.ptsMs])).toEqual(
    times.map((time, index) => [index % 2 === 0, time]),
  );
});

describe('oddity 10: firmware T98 marks G.711A as I frame', () => {
  // magic · 81 · PT 6 · sequence · SIM · channel · I, atomic · timestamp · (intervals) · length · payload
  const full = (sequence: string) =>
    hex(`30316364 81 06 ${sequence} 013912345678 01 00 0000000000000014 0000 0000 0004 D5D4D7D6`);
  const short = (sequence: string) =>
    hex(`30316364 81 06 ${sequence} 013912345678 01 00 0000000000000014 0004 D5D4D7D6`);

  for (const [name, packet] of [
    ['with the header of a picture', full],
    ['with the header of sound', short],
  ] as const) {
    it(`${name}, over TCP`, () => {
      const camera = new Camera({ sequence: 3 });
      const { receiver, recording } = overTcp(
        [packet('0000'), packet('0001'), packet('0002'), ...camera.key(300, 40)],
        {
          known: [terminal],
        },
      );
      expect(recording.sounds.map(sound => sound.data)).toEqual([hex('D5D4D7D6'), hex('D5D4D7D6'), hex('D5D4D7D6')]);
      expect(recording.frames.length).toBe(1);
      expect(receiver.tally.get('delimit.junkBytes')).toBe(0);
    });

    it(`${name}, over UDP`, () => {
      const receiver = new Receiver({ known: [terminal] });
      const recording = receiver.expect(terminal, 1);
      const source = receiver.udpSource();
      for (const sequence of ['0000', '0001', '0002']) receiver.datagram(source, packet(sequence));
      receiver.pass(200);
      expect(recording.sounds.map(sound => sound.data)).toEqual([hex('D5D4D7D6'), hex('D5D4D7D6'), hex('D5D4D7D6')]);
    });
  }
});

describe('oddity 11: packets without their magic, and signalling on the media connection', () => {
  const bare = (packet: Uint8Array) => packet.subarray(4);

  it('packets without magic between others', () => {
    const camera = new Camera();
    const packets = [...camera.key(2000, 0), ...camera.plain(1500, 40)];
    const stream = packets.map((packet, index) => (index % 2 === 1 ? bare(packet) : packet));
    const { receiver, recording } = overTcp([join(...stream)], { known: [terminal] });
    expect(dataOf(recording)).toEqual([keyUnit(2000), plainUnit(1500)]);
    expect(receiver.tally.get('delimit.magicMissing')).toBe(2);
  });

  it('a known terminal that never sends a magic, over TCP byte by byte and over UDP', () => {
    const camera = new Camera({ sim: sim10 });
    const packets = [...camera.key(2000, 0), ...camera.plain(1500, 40)].map(bare);
    const { recording } = overTcp(
      [...join(...packets)].map(byte => Uint8Array.of(byte)),
      { known: [terminal] },
    );
    expect(dataOf(recording)).toEqual([keyUnit(2000), plainUnit(1500)]);

    const receiver = new Receiver({ known: [terminal] });
    const other = receiver.expect(terminal, 1);
    for (const packet of packets) receiver.datagram(receiver.udpSource(), packet);
    expect(receiver.packets.length).toBe(packets.length);
    expect(other.packets).toBeLessThanOrEqual(packets.length);
  });

  it('0x0102 and 0x0002 between packets, with double flags', () => {
    const phone = sim6;
    const login = encodeFrames({ id: 0x0102, version: '2013', phone, serial: 0 }, hex('31323334'))[0]!;
    const beat = encodeFrames({ id: 0x0002, version: '2013', phone, serial: 1 }, new Uint8Array(0))[0]!;
    const camera = new Camera();
    const { receiver, recording } = overTcp(
      [join(login, ...camera.key(2000, 0), beat, Uint8Array.of(0x7e, 0x7e), beat, ...camera.plain(500, 40), beat)],
      { known: [terminal] },
    );
    expect(receiver.messages.map(message => message.header.id)).toEqual([0x0102, 2, 2, 2]);
    expect(dataOf(recording)).toEqual([keyUnit(2000), plainUnit(500)]);
    expect(receiver.tally.get('delimit.junkBytes')).toBe(0);
  });

  it('media pushed on the signalling connection', () => {
    const phone = sim10;
    const login = encodeFrames({ id: 0x0102, version: '2019', phone, serial: 0 }, hex('0431323334'))[0]!;
    const camera = new Camera({ sim: sim10 });
    const { receiver, recording } = overTcp([login, ...camera.key(2000, 0)], { known: [terminal] });
    expect(receiver.messages.length).toBe(1);
    expect(dataOf(recording)).toEqual([keyUnit(2000)]);
  });
});

it('oddity 12: payloads of more than 950 bytes, up to 65535', () => {
  for (const payloadBytes of [1400, 4096, 65535]) {
    const camera = new Camera({ payloadBytes });
    const unit = keyUnit(100_000);
    const { recording } = overTcp([...camera.unit(unit, { dataType: 0 }), ...camera.plain(100, 40)], {
      known: [terminal],
    });
    expect(recording.frames[0]?.data.length).toBe(100_000);
    expect(Buffer.compare(recording.frames[0]!.data, unit)).toBe(0);
  }
});

it('oddity 13: sound comes in packets of any size', () => {
  const camera = new Camera();
  const sizes = [80, 160, 200, 164, 320, 1];
  const { recording } = overTcp(
    sizes.map((size, index) => camera.sound(noise(size), index * 25)),
    { known: [terminal] },
  );
  expect(recording.sounds.map(sound => sound.data.length)).toEqual(sizes);
  expect(new Set(recording.sounds.map(sound => sound.data.buffer.byteLength))).toEqual(new Set(sizes));
});

describe('oddity 14: sequence numbers', () => {
  it('begin anywhere and wrap at 65536, and sound and picture share one counter', () => {
    const camera = new Camera({ sequence: 65533 });
    const packets = [
      ...camera.key(2000, 0),
      camera.sound(noise(160), 0),
      ...camera.plain(1500, 40),
      camera.sound(noise(160), 40),
    ];
    const { recording } = overTcp(packets, { known: [terminal] });
    expect(dataOf(recording)).toEqual([keyUnit(2000), plainUnit(1500)]);
    expect(recording.sounds.length).toBe(2);
    expect(recording.lost).toBe(0);
    expect(recording.gaps).toEqual([]);
  });

  it('a lost sound packet is a gap, since it might have been a picture', () => {
    const camera = new Camera();
    const before = camera.key(500, 0);
    camera.sound(noise(160), 0);
    const { recording } = overTcp([...before, ...camera.plain(100, 40), ...camera.key(500, 80)], { known: [terminal] });
    expect(recording.told).toEqual(['open tcp-1', 'key', 'gap 0 loss', 'gap 1 loss', 'key']);
    expect(recording.lost).toBe(1);
  });
});

describe('oddity 18: the Su-biao attachment stream has the same magic', () => {
  const name = Buffer.from('00_65_6501_0_A1B2C3D4E5F60718.jpg'.padEnd(50, '\0'), 'latin1');
  const block = join(hex('30316364'), new Uint8Array(name), hex('00000000 00000020'), noise(32));

  it('is counted over TCP, and media behind it is not lost', () => {
    const camera = new Camera();
    const { receiver, recording, delimiter } = overTcp([block, block, ...camera.key(1200, 0)], { known: [terminal] });
    expect(receiver.tally.get('delimit.attachment')).toBe(2);
    expect(dataOf(recording)).toEqual([keyUnit(1200)]);
    expect(delimiter.pendingBytes).toBe(0);
  });

  it('is counted over UDP', () => {
    const receiver = new Receiver();
    receiver.datagram(receiver.udpSource(), block);
    expect(receiver.packets).toEqual([]);
    expect(receiver.tally.get('datagram.attachment')).toBe(1);
  });
});

describe('a payload type that does not say what is sent', () => {
  const vpsToPps = hex('00000001 40010C01FFFF 00000001 420101016000 00000001 4401C1');
  const h265Key = join(vpsToPps, hex('00000001 2601AF'), noise(1500));
  const h265Plain = join(hex('00000001 0201D0'), noise(300));

  it.each([98, 120])('H.265 as type %i is H.265, from its first key frame on', payloadType => {
    const camera = new Camera({ payloadType });
    const units = [h265Key, h265Plain, h265Plain, h265Key];
    const { recording } = overTcp(
      units.flatMap((unit, index) =>
        camera.unit(unit, { dataType: unit === h265Key ? 0 : 1, timestamp: BigInt(index) }),
      ),
      { known: [terminal] },
    );
    expect(dataOf(recording)).toEqual(units);
    expect(recording.frames.map(frame => [frame.codec, frame.key])).toEqual([
      ['h265', true],
      ['h265', false],
      ['h265', false],
      ['h265', true],
    ]);
  });

  it.each([99, 127])('H.264 as type %i is H.264, until its label changes', payloadType => {
    const camera = new Camera({ payloadType });
    const { recording } = overTcp(
      [
        ...camera.key(1500, 0),
        ...camera.plain(300, 40),
        ...camera.unit(h265Key, { payloadType: 99, dataType: 0, timestamp: 80n }),
        ...camera.unit(h265Plain, { payloadType: 99, timestamp: 120n }),
      ],
      { known: [terminal] },
    );
    expect(recording.frames.map(frame => [frame.codec, frame.key])).toEqual([
      ['h264', true],
      ['h264', false],
      ['h265', true],
      ['h265', false],
    ]);
  });
});
