import { describe, expect, it } from 'vitest';
import { encodeFrames } from '../../../electron/codec/jt808/frame.ts';
import { SentParts } from '../../../electron/codec/jt808/sent-parts.ts';
import { defaultSettings } from '../../../electron/config.ts';
import { Tally } from '../../../electron/tally.ts';
import { bytes } from '../hex.ts';

function frames(serial: number, length = 30): Uint8Array[] {
  return encodeFrames(
    { id: 0x8103, version: '2013', phone: bytes('013912345678'), serial },
    new Uint8Array(length),
    10,
  );
}

function harness(settings: Partial<ReturnType<typeof defaultSettings>> = {}) {
  const time = { ms: 0 };
  const tally = new Tally();
  const sent = new SentParts({
    clock: { monotonic: () => time.ms },
    tally,
    settings: { ...defaultSettings(), partsTimeoutMs: 1000, partsRetries: 2, ...settings },
  });
  return { time, tally, sent };
}

describe('parts that were sent', () => {
  it('are given again as the very same frames', () => {
    const { sent } = harness();
    const all = frames(7);
    sent.keep(7, all);
    expect(sent.again({ firstSerial: 7, indexes: [3, 1, 3] })).toEqual([all[2], all[0]]);
    expect(sent.again({ firstSerial: 7, indexes: [] })).toEqual([]);
  });

  it('are not given for a message or an index that was not sent', () => {
    const { sent, tally } = harness();
    sent.keep(7, frames(7));
    expect(sent.again({ firstSerial: 8, indexes: [1] })).toEqual([]);
    expect(tally.get('sentParts.unknown')).toBe(1);
    expect(sent.again({ firstSerial: 7, indexes: [0, 4] })).toEqual([]);
    expect(tally.get('sentParts.badIndex')).toBe(2);
  });

  it('are not kept of a message in one frame', () => {
    const { sent } = harness();
    sent.keep(7, frames(7, 5));
    expect(sent.bytes).toBe(0);
  });

  it('are kept as long as a peer would ask, from the last time it did', () => {
    const { sent, time } = harness();
    sent.keep(7, frames(7));
    time.ms = 2999;
    expect(sent.again({ firstSerial: 7, indexes: [1] })).toHaveLength(1);
    time.ms = 5998;
    expect(sent.again({ firstSerial: 7, indexes: [1] })).toHaveLength(1);
    time.ms = 8998;
    expect(sent.again({ firstSerial: 7, indexes: [1] })).toEqual([]);
    expect(sent.bytes).toBe(0);
  });

  it('leave oldest first when there are too many messages or bytes', () => {
    const few = harness({ maxOpenMessages: 2 });
    for (const serial of [10, 20, 30]) few.sent.keep(serial, frames(serial));
    expect(few.sent.again({ firstSerial: 10, indexes: [1] })).toEqual([]);
    expect(few.sent.again({ firstSerial: 20, indexes: [1] })).toHaveLength(1);
    expect(few.tally.get('sentParts.evicted')).toBe(1);

    const size = frames(1).reduce((sum, frame) => sum + frame.length, 0);
    const small = harness({ maxMessageBytes: size });
    small.sent.keep(1, frames(1));
    expect(small.sent.bytes).toBe(size);
    small.sent.keep(2, frames(2));
    expect(small.sent.bytes).toBe(size);
    small.sent.keep(3, frames(3, 300));
    expect(small.sent.bytes).toBe(0);
  });

  it('are replaced when the serial comes round again', () => {
    const { sent } = harness();
    const later = frames(7, 50);
    sent.keep(7, frames(7));
    sent.keep(7, later);
    expect(sent.again({ firstSerial: 7, indexes: [5] })).toEqual([later[4]]);
  });

  it('are forgotten when told', () => {
    const { sent } = harness();
    sent.keep(7, frames(7));
    sent.clear();
    expect(sent.bytes).toBe(0);
  });
});
