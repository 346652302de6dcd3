import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TalkEar } from '../../electron/simulator/talk-ear.ts';

const sims = { six: Buffer.from('013900000001', 'hex'), ten: Buffer.from('00000000013900000002', 'hex') };

/** A platform's packet by table 19: data type 3, atomic. */
function packet(
  sim: Buffer,
  sequence: number,
  payload: Buffer,
  change: { channel?: number; type?: number } = {},
): Buffer {
  const head = Buffer.from([0x30, 0x31, 0x63, 0x64, 0x81, 0x86, sequence >> 8, sequence & 255]);
  const rest = Buffer.alloc(12);
  rest[0] = change.channel ?? 2;
  rest[1] = change.type ?? 0x30;
  rest.writeUInt16BE(payload.length, 10);
  return Buffer.concat([head, sim, rest, payload]);
}

/** A-law of the largest positive and negative sample. */
const loud = Buffer.from(Array.from({ length: 160 }, (_, at) => (at % 2 === 0 ? 0xaa : 0x2a)));

describe.each(Object.entries(sims))('a cab with a SIM field of %s bytes', (_name, sim) => {
  it('hears every packet, however TCP cuts them up', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(cuts, lengths => {
        const ear = new TalkEar(sim, 2);
        const stream = Buffer.concat(Array.from({ length: 10 }, (_, sequence) => packet(sim, sequence, loud)));
        let at = 0;
        for (const length of lengths) {
          ear.take(stream.subarray(at, at + length));
          at += length;
        }
        ear.take(stream.subarray(at));
        expect(ear.heard).toMatchObject({ packets: 10, payloadType: 6, payloadBytes: 160, lost: 0, junkBytes: 0 });
        expect([...ear.heard.samples.subarray(0, 2)]).toEqual([32256, -32256]);
        expect(ear.heard.samples).toHaveLength(1600);
      }),
    );
  });

  it('keeps one second and no more', () => {
    const ear = new TalkEar(sim, 2);
    for (let sequence = 0; sequence < 80; sequence++) ear.take(packet(sim, sequence, loud));
    expect(ear.heard.samples).toHaveLength(8000);
  });

  it('counts what is missing, over the end of the counter too', () => {
    const ear = new TalkEar(sim, 2);
    for (const sequence of [65_534, 65_535, 0, 3]) ear.take(packet(sim, sequence, loud));
    expect(ear.heard).toMatchObject({ packets: 4, lost: 2 });
  });

  it('takes nothing that is not for it', () => {
    const other = Buffer.from(sim);
    other[other.length - 1]! ^= 1;
    for (const wrong of [
      packet(other, 0, loud),
      packet(sim, 0, loud, { channel: 1 }),
      packet(sim, 0, loud, { type: 0x00 }),
      packet(sim, 0, Buffer.alloc(951)),
      Buffer.alloc(500, 0x7e),
    ]) {
      const ear = new TalkEar(sim, 2);
      ear.take(wrong);
      expect(ear.heard.packets).toBe(0);
      expect(ear.heard.junkBytes).toBeGreaterThan(0);
      ear.take(packet(sim, 1, loud));
      expect(ear.heard.packets).toBe(1);
    }
  });
});
