import { describe, expect, it } from 'vitest';
import type { VehicleCapabilities } from '../../../electron/contract.ts';
import { heardSound, type PacketTalk, talkSound } from '../../../electron/hub/talk/talk-sound.ts';

function says(audioPayloadType: number, audioFrameLength: number, audioSampleRate = 8000): VehicleCapabilities {
  return {
    ...{ audioPayloadType, audioFrameLength, audioSampleRate },
    ...{ audioChannels: 1, audioBits: 16, audioOutput: true },
    ...{ videoPayloadType: 98, maxAudioChannels: 1, maxVideoChannels: 4 },
  };
}

function packets(sound: ReturnType<typeof talkSound>): PacketTalk | undefined {
  if (sound?.kind === 'aac') throw new Error('AAC is not made packet by packet');
  return sound;
}

const packetOf = (found: ReturnType<typeof talkSound>) => {
  const sound = packets(found);
  return (
    sound && { type: sound.payloadType, bytes: sound.encoder.encode(new Int16Array(sound.encoder.frameSamples)).length }
  );
};

describe('how a terminal is spoken to', () => {
  it.each([
    { device: 'ES500', capabilities: says(6, 80), packet: { type: 6, bytes: 80 } },
    { device: 'one with µ-law of 40 ms', capabilities: says(7, 320), packet: { type: 7, bytes: 320 } },
    { device: 'one with G.726', capabilities: says(8, 80), packet: { type: 8, bytes: 80 } },
    {
      device: 'one with ADPCM that counts the state in',
      capabilities: says(26, 164),
      packet: { type: 26, bytes: 164 },
    },
    { device: 'one that states no frame length', capabilities: says(6, 0), packet: { type: 6, bytes: 160 } },
    { device: 'one that states 65535', capabilities: says(6, 65535), packet: { type: 6, bytes: 160 } },
    { device: 'one whose frame would not fit a packet', capabilities: says(6, 1600), packet: { type: 6, bytes: 160 } },
    { device: 'one that states nothing', capabilities: undefined, packet: { type: 6, bytes: 160 } },
  ])('$device', ({ capabilities, packet }) => {
    expect(packetOf(talkSound(capabilities, undefined))).toEqual(packet);
  });

  it('puts linear sound at 48 kHz into packets that fit', () => {
    const sound = packets(talkSound(says(23, 1920, 48000), undefined));
    expect(sound?.encoder.sampleRate).toBe(48000);
    expect(packetOf(sound)?.bytes).toBeLessThanOrEqual(950);
  });

  it('puts the header before each packet of a terminal that sends it', () => {
    const data = new Uint8Array(164);
    data.set([0, 1, 80, 0]);
    const heard = heardSound({ payloadType: 6, ptsMs: 0, receivedAt: 0, data });
    expect(heard).toEqual({ payloadType: 6, bytes: 160, hasHisiHeader: true });
    const sound = packets(talkSound(says(6, 160), heard));
    const packet = sound?.encoder.encode(new Int16Array(160));
    expect([...(packet ?? []).slice(0, 4)]).toEqual([0, 1, 80, 0]);
    expect(packet?.length).toBe(164);
  });

  it('speaks as a terminal does that names a coding which cannot be made, and gives up when it sends that too', () => {
    const heard = { payloadType: 7, bytes: 240, hasHisiHeader: false };
    expect(packetOf(talkSound(says(28, 0), heard))).toEqual({ type: 7, bytes: 240 });
    expect(talkSound(says(28, 0), { ...heard, payloadType: 28 })).toBeUndefined();
    expect(talkSound(says(28, 0), undefined)).toBeUndefined();
  });
});

describe('a terminal that wants AAC', () => {
  /** ADTS of 16 kHz, one channel, 9 bytes: written by hand from ISO/IEC 14496-3 §1.A.3.2. */
  const adts = Uint8Array.of(0xff, 0xf1, 0x60, 0x40, 0x01, 0x3f, 0xfc, 0x01, 0x02);
  const heard = (data: Uint8Array, payloadType = 19) => heardSound({ payloadType, ptsMs: 0, receivedAt: 0, data });

  it.each([
    { what: '8 kHz', capabilities: says(19, 0), terms: { sampleRate: 8000, channels: 1, bitsPerSecond: 24_000 } },
    {
      what: '44.1 kHz, two channels',
      capabilities: { ...says(24, 0, 44100), audioChannels: 2 },
      terms: { sampleRate: 44100, channels: 2, bitsPerSecond: 96_000 },
    },
    {
      what: '22.05 kHz with frames of 186 bytes',
      capabilities: says(19, 186, 22050),
      terms: { sampleRate: 22050, channels: 1, bitsPerSecond: 32_041 },
    },
    {
      what: 'a frame length that is samples rather than bytes',
      capabilities: says(19, 1024, 48000),
      terms: { sampleRate: 48000, channels: 1, bitsPerSecond: 48_000 },
    },
    {
      what: 'a frame length of 5 kbit/s',
      capabilities: says(27, 80),
      terms: { sampleRate: 8000, channels: 1, bitsPerSecond: 24_000 },
    },
  ])('as its 0x1003 says: $what', ({ capabilities, terms }) => {
    const { audioPayloadType: payloadType } = capabilities;
    expect(talkSound(capabilities, undefined)).toEqual({
      ...{ kind: 'aac', payloadType, terms, framing: 'adts', hisiHeader: false },
    });
  });

  it('gets it framed as it frames its own, at the rate of that', () => {
    expect(heard(adts)).toMatchObject({ aac: { sampleRate: 16000, channels: 1 } });
    expect(talkSound(says(19, 0), heard(adts))).toMatchObject({ terms: { sampleRate: 16000 }, framing: 'adts' });
    const raw = heard(Uint8Array.of(0x01, 0x02, 0x03));
    expect(talkSound(says(19, 0), raw)).toMatchObject({ terms: { sampleRate: 8000 }, framing: 'raw' });
  });

  it('is known by what it sends where its 0x1003 says nothing that can be made', () => {
    expect(talkSound(undefined, heard(adts))).toMatchObject({ kind: 'aac', payloadType: 19 });
    expect(talkSound(says(28, 0), heard(adts, 24))).toMatchObject({ kind: 'aac', payloadType: 24 });
    expect(talkSound(says(19, 0), { payloadType: 6, bytes: 160, hasHisiHeader: true })).toMatchObject({
      ...{ kind: 'aac', framing: 'adts', hisiHeader: true },
    });
  });
});
