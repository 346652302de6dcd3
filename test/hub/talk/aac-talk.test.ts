import { expect, it } from 'vitest';
import type { VehicleCapabilities } from '../../../electron/contract.ts';
import { bus, TalkBench, van } from './talk-bench.ts';

/** AAC, 8 kHz, one channel. */
function says(audioPayloadType: number, audioSampleRate = 8000): VehicleCapabilities {
  return {
    ...{ audioPayloadType, audioFrameLength: 0, audioSampleRate },
    ...{ audioChannels: 1, audioBits: 16, audioOutput: true },
    ...{ videoPayloadType: 98, maxAudioChannels: 1, maxVideoChannels: 4 },
  };
}

function bench(capabilities: Record<string, VehicleCapabilities>, settings = {}) {
  const made = new TalkBench({ talkBufferMs: 600, ...settings });
  for (const [id, each] of Object.entries(capabilities)) {
    const known = made.vehicles.get(id)!;
    made.vehicles.set(id, { ...known, capabilities: each });
  }
  return made;
}
/** Payload, timestamp and sequence of a packet with a SIM of six bytes. */
const read = (packet: Uint8Array) => {
  const bytes = Buffer.from(packet);
  return {
    type: bytes[5]! & 0x7f,
    sequence: bytes.readUInt16BE(6),
    ms: Number(bytes.readBigUInt64BE(16)),
    payload: bytes.subarray(26).toString('hex'),
  };
};

it('sends one frame in each packet, with the ADTS header of its length, paced by its samples', () => {
  const { talks, clock, makers, ...rest } = open();
  rest.hold.speak(true);
  rest.hold.push(new Int16Array(160));
  expect(makers).toHaveLength(1);
  expect(makers[0]).toMatchObject({ samples: 160, terms: { sampleRate: 8000, channels: 1, bitsPerSecond: 24_000 } });
  makers[0]!.frame(Uint8Array.of(1, 2, 3));
  makers[0]!.frame(Uint8Array.of(4, 5));
  expect(rest.sent).toHaveLength(1);
  clock.pass(128);
  const [first, second] = rest.sent.map(read);
  // ff f1: sync, no checksum; 6c 40: LC, 8 kHz, one channel; lengths 10 and 9; fullness 7ff.
  expect(first).toMatchObject({ type: 19, sequence: 0, payload: 'fff16c40015ffc010203' });
  expect(second).toMatchObject({ type: 19, sequence: 1, payload: 'fff16c40013ffc0405' });
  expect(second!.ms - first!.ms).toBe(128);
  expect(talks.rows()).toMatchObject([{ payloadType: 19, phase: 'talking' }]);

  function open() {
    const made = bench({ [bus]: says(19) });
    const { hold } = made.open('talk');
    return { hold, talks: made.talks, clock: made.clock, makers: made.makers, sent: made.connect(bus) };
  }
});

it('fills the last frame up and brings out what the encoder keeps back when the key is let go', () => {
  const made = bench({ [bus]: says(19) });
  const { hold } = made.open('talk');
  made.connect(bus);
  hold.speak(true);
  hold.push(new Int16Array(1500));
  hold.speak(false);
  // To the end of the second frame, and two frames more.
  expect(made.makers[0]!.samples).toBe(4 * 1024);
  hold.push(new Int16Array(160));
  expect(made.makers[0]!.samples).toBe(4 * 1024);
  hold.speak(true);
  hold.speak(false);
  expect(made.makers[0]!.samples).toBe(4 * 1024);
  hold.close();
  expect(made.makers[0]!.isClosed).toBe(true);
});

it('says it to every terminal of a broadcast that takes the same with one encoder, and to the others as they take it', () => {
  const made = bench({ [bus]: says(19), [van]: says(19) });
  const third = '13900000004';
  made.vehicles.set(third, { ...made.vehicles.get(van)!, id: third, capabilities: says(6) });
  const { hold } = made.open('broadcast', [bus, van, third]);
  const lines = [bus, van, third].map(id => made.connect(id));
  hold.speak(true);
  hold.push(new Int16Array(160));
  expect(made.makers).toHaveLength(1);
  expect(made.makers[0]!.samples).toBe(160);
  made.makers[0]!.frame(Uint8Array.of(9));
  expect(lines.map(line => line.map(packet => read(packet).type))).toEqual([[19], [19], [6]]);
  made.sink(bus).sourceClosed();
  expect(made.makers[0]!.isClosed).toBe(false);
  made.sink(van).sourceClosed();
  expect(made.makers[0]!.isClosed).toBe(true);
  hold.close();
});

it('gives up, in words, where no more encoders may run', () => {
  const made = bench({ [bus]: says(19), [van]: says(19, 48000) }, { maxTalkEncoders: 1 });
  const first = made.open('talk', [bus]);
  const second = made.open('talk', [van]);
  made.connect(bus);
  made.connect(van);
  first.hold.speak(true);
  second.hold.speak(true);
  expect(second.told.end).toBe('talkCodec');
  expect(made.tally.get('talk.noEncoder')).toBe(1);
  first.hold.close();
  const third = made.open('talk', [van]);
  made.connect(van);
  third.hold.speak(true);
  expect(third.told.end).toBeUndefined();
});

it('drops frames rather than say them late, and those that no packet may carry', () => {
  const made = bench({ [bus]: says(19) });
  const { hold } = made.open('talk');
  const sent = made.connect(bus);
  hold.speak(true);
  hold.push(new Int16Array(160));
  for (let count = 0; count < 8; count++) made.makers[0]!.frame(Uint8Array.of(count));
  // One left at once; five of 128 ms wait within 600 ms.
  expect(made.tally.get('talk.soundLate')).toBe(2);
  made.clock.pass(2000);
  expect(sent.map(packet => read(packet).payload.slice(14))).toEqual(['00', '03', '04', '05', '06', '07']);
  made.makers[0]!.frame(new Uint8Array(944));
  expect(made.tally.get('talk.frameTooLong')).toBe(1);
});
