import { describe, expect, it } from 'vitest';
import type { VehicleCapabilities } from '../../../electron/contract.ts';
import { heardSound, talkSound } from '../../../electron/hub/talk/talk-sound.ts';

function says(audioPayloadType: number, audioFrameLength: number, audioSampleRate = 8000): VehicleCapabilities {
  return {
    ...{ audioPayloadType, audioFrameLength, audioSampleRate },
    ...{ audioChannels: 1, audioBits: 16, audioOutput: true },
    ...{ videoPayloadType: 98, maxAudioChannels: 1, maxVideoChannels: 4 },
  };
}

const packetOf = (sound: ReturnType<typeof talkSound>) =>
  sound && { type: sound.payloadType, bytes: sound.encoder.encode(new Int16Array(sound.encoder.frameSamples)).length };

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
    const sound = talkSound(says(23, 1920, 48000), undefined);
    expect(sound?.encoder.sampleRate).toBe(48000);
    expect(packetOf(sound)?.bytes).toBeLessThanOrEqual(950);
  });

  it('puts the header before each packet of a terminal that sends it', () => {
    const data = new Uint8Array(164);
    data.set([0, 1, 80, 0]);
    const heard = heardSound({ payloadType: 6, ptsMs: 0, receivedAt: 0, data });
    expect(heard).toEqual({ payloadType: 6, bytes: 160, hasHisiHeader: true });
    const sound = talkSound(says(6, 160), heard);
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
