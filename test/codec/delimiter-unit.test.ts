import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Delimiter } from '../../electron/codec/delimiter.ts';
import { encodeFrame } from '../../electron/codec/jt808/frame.ts';
import { encodePacket } from '../../electron/codec/jt1078/packet.ts';
import { defaultSettings } from '../../electron/config.ts';
import { Tally } from '../../electron/tally.ts';
import { join } from './hex.ts';

const phone = Uint8Array.from([0x01, 0x39, 0x12, 0x34, 0x56, 0x78]);

const frames = fc
  .record({
    id: fc.constantFrom(0x0002, 0x0200, 0x0900),
    serial: fc.nat(65_535),
    body: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ body, ...head }) => encodeFrame({ ...head, version: '2013', phone }, body));
const packets = fc
  .record({ sequence: fc.nat(65_535), payload: fc.uint8Array({ minLength: 1, maxLength: 950 }) })
  .map(fields =>
    encodePacket({ ...fields, payloadType: 98, sim: phone, channel: 1, dataType: 1, part: 0, timestamp: 7n }),
  );
/** Begins nothing. */
const junk = fc
  .array(fc.integer({ min: 1, max: 0x2f }), { minLength: 1, maxLength: 40 })
  .map(all => Uint8Array.from(all));

describe('what a delimiter shows of the stream itself', () => {
  it('is all of it, in order, a unit or junk at a time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 3, arbitrary: frames }, { weight: 3, arbitrary: packets }, junk), {
          maxLength: 12,
        }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 30 }),
        (pieces, steps) => {
          const stream = join(...pieces, encodeFrame({ id: 2, serial: 0, version: '2013', phone }, new Uint8Array(0)));
          const seen: Uint8Array[] = [];
          const keep = () => {
            seen.push(new Uint8Array(delimiter.unit));
          };
          const delimiter: Delimiter = new Delimiter({
            ...{ tally: new Tally(), settings: defaultSettings(), knows: () => true },
            sink: { message: keep, packet: keep, junk: keep },
          });
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const step = steps[turn % steps.length]!;
            delimiter.push(stream.subarray(at, at + step));
            at += step;
          }
          // A packet with something strange behind it is looked at again when more has come.
          expect(join(...seen)).toEqual(stream.slice(0, delimiter.position));
          if (pieces.some(piece => piece[0] !== 0x7e)) return;
          expect(delimiter.position).toBe(stream.length);
          expect(seen.slice(0, -1)).toEqual(pieces.map(piece => join(piece)));
        },
      ),
      { numRuns: 150 },
    );
  });
});
