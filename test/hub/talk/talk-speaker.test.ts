import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultSettings } from '../../../electron/config.ts';
import { talkSound } from '../../../electron/hub/talk/talk-sound.ts';
import { TalkSpeaker } from '../../../electron/hub/talk/talk-speaker.ts';
import { Tally } from '../../../electron/tally.ts';
import { ManualClock } from '../../accept/manual-clock.ts';
import { bytes } from '../../codec/hex.ts';

function bench(sim = bytes('013912345678'), takes = () => true) {
  const clock = new ManualClock();
  const tally = new Tally();
  const sent: { packet: Buffer; at: number }[] = [];
  const source = {
    ...{ id: 'a', transport: 'tcp' as const, remote: '', localAddress: '' },
    send: (packet: Uint8Array) => {
      if (takes()) sent.push({ packet: Buffer.from(packet), at: clock.monotonic() });
      return takes();
    },
  };
  const sound = talkSound(undefined, { payloadType: 6, bytes: 80, hasHisiHeader: false });
  if (sound?.kind !== 'packets') throw new Error('G.711 is made packet by packet');
  const settings = { ...defaultSettings(), talkBufferMs: 600 };
  const speaker = new TalkSpeaker({ clock, tally, settings, sound, sim, channel: 3, sent: () => undefined }, source);
  return { clock, tally, sent, speaker };
}

it('writes packets as table 19 has them, with a SIM field of either width', () => {
  const six = bench();
  six.speaker.push(new Int16Array(80));
  // Magic, 81, M and PT 6, sequence 0, SIM, channel 3, sound and atomic; the time; 80 bytes of silence.
  const hex = six.sent[0]?.packet.toString('hex') ?? '';
  expect(hex).toMatch(/^3031636481860000013912345678033000000[0-9a-f]{11}0050(d5){80}$/);
  const ten = bench(bytes('00000000013912345678'));
  ten.speaker.push(new Int16Array(80));
  expect(ten.sent[0]?.packet.toString('hex')).toMatch(/^303163648186000000000000013912345678033000/);
});

it('paces what comes at once by its samples, numbers it, and stamps it', () => {
  const { clock, sent, speaker } = bench();
  speaker.push(new Int16Array(1600));
  clock.pass(1000);
  expect(sent).toHaveLength(20);
  expect(sent.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, at) => at * 10));
  expect(sent.map(({ packet }) => packet.readUInt16BE(6))).toEqual(Array.from({ length: 20 }, (_, at) => at));
  const times = sent.map(({ packet }) => Number(packet.readBigUInt64BE(16)));
  expect(times.map(time => time - clock.now() + 1000)).toEqual(Array.from({ length: 20 }, (_, at) => at * 10));
});

it('shows a pause in the timestamps, and goes on counting', () => {
  const { clock, sent, speaker } = bench();
  speaker.push(new Int16Array(80));
  clock.pass(5000);
  speaker.push(new Int16Array(80));
  const [first, second] = sent.map(({ packet }) => Number(packet.readBigUInt64BE(16)));
  expect(second! - first!).toBe(5000);
  expect(sent[1]?.packet.readUInt16BE(6)).toBe(1);
});

it('fills the last packet with silence when the key is let go', () => {
  const { clock, sent, speaker } = bench();
  speaker.push(new Int16Array(100).fill(5000));
  clock.pass(100);
  expect(sent).toHaveLength(1);
  speaker.finish();
  clock.pass(100);
  expect(sent).toHaveLength(2);
  const payload = sent[1]!.packet.subarray(-80);
  expect(new Set(payload.subarray(20))).toEqual(new Set([0xd5]));
  expect(payload[0]).not.toBe(0xd5);
  expect(clock.timers).toBe(0);
});

it('drops old sound rather than say it late, and counts it', () => {
  const { clock, tally, sent, speaker } = bench();
  speaker.push(new Int16Array(4000));
  speaker.push(new Int16Array(4000));
  expect(tally.get('talk.soundLate')).toBe(1);
  clock.pass(2000);
  expect(sent.length).toBeLessThanOrEqual(61);
});

it('counts what a connection does not take', () => {
  const { clock, tally, speaker } = bench(undefined, () => false);
  speaker.push(new Int16Array(800));
  clock.pass(1000);
  expect(tally.get('talk.soundUnsent')).toBe(10);
});

it('sends every sample once, in order, whatever pieces they come in', () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(pieces, lengths => {
      const { clock, tally, sent, speaker } = bench();
      let total = 0;
      for (const length of lengths) {
        speaker.push(new Int16Array(length));
        total += length;
        clock.pass(60);
      }
      speaker.finish();
      clock.pass(1000);
      expect(sent).toHaveLength(Math.ceil(total / 80));
      expect(tally.snapshot()).toEqual({});
      expect(clock.timers).toBe(0);
    }),
  );
});
