import { describe, expect, it } from 'vitest';
import { mediaProperties } from '../../../../electron/codec/jt808/body/media-properties.ts';
import { bytes } from '../../hex.ts';
import { bothVersions, expectBody } from '../expect-body.ts';

const value = {
  audioPayloadType: 6,
  audioChannels: 1,
  audioSampleRate: 8000,
  audioBits: 16,
  audioFrameLength: 320,
  audioOutput: true,
  videoPayloadType: 98,
  maxAudioChannels: 2,
  maxVideoChannels: 4,
};

describe('audio and video properties', () => {
  it('are ten bytes', () => {
    for (const version of bothVersions) expectBody(mediaProperties, version, '06 01 00 01 0140 01 62 02 04', value);
  });

  it('name every rate and width of the table', () => {
    const rates = [8000, 22050, 44100, 48000].map(
      audioSampleRate => mediaProperties.write({ ...value, audioSampleRate }, '2013')[2],
    );
    expect(rates).toEqual([0, 1, 2, 3]);
    const widths = [8, 16, 32].map(audioBits => mediaProperties.write({ ...value, audioBits }, '2013')[3]);
    expect(widths).toEqual([0, 1, 2]);
  });

  it('are 0 where the code means nothing', () => {
    const read = mediaProperties.read(bytes('06 01 09 09 0140 00 62 02 04'), '2013');
    expect(read).toMatchObject({ audioSampleRate: 0, audioBits: 0, audioOutput: false, maxVideoChannels: 4 });
    expect(() => mediaProperties.write({ ...value, audioSampleRate: 11025 }, '2013')).toThrow(RangeError);
  });
});
