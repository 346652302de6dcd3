import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrames, type Message } from '../../../electron/codec/jt808/frame.ts';
import { SubPackages } from '../../../electron/codec/jt808/sub-packages.ts';
import { defaultSettings } from '../../../electron/config.ts';
import { Tally } from '../../../electron/tally.ts';
import { bytes, hex } from '../hex.ts';

const phone = bytes('013912345678');

function messagesOf(body: Uint8Array, maxBody: number, serial = 100, id = 0x0801): Message[] {
  return encodeFrames({ id, version: '2013', phone, serial }, body, maxBody).map(
    frame => decodeFrame(frame.subarray(1, -1)) as Message,
  );
}

function harness(settings: Partial<ReturnType<typeof defaultSettings>> = {}) {
  const time = { ms: 0 };
  const tally = new Tally();
  const parts = new SubPackages({
    clock: { monotonic: () => time.ms },
    tally,
    settings: { ...defaultSettings(), partsTimeoutMs: 1000, partsRetries: 2, ...settings },
  });
  return { time, tally, parts };
}

const body = Uint8Array.from({ length: 25 }, (_, at) => at);

describe('sub-packages', () => {
  it('pass a message that is none through untouched', () => {
    const { parts } = harness();
    const [only] = messagesOf(body, 100) as [Message];
    expect(parts.add(only)).toBe(only);
    expect(parts.openCount).toBe(0);
  });

  it('become one message with the serial of the first', () => {
    const { parts } = harness();
    const [first, second, third] = messagesOf(body, 10) as [Message, Message, Message];
    expect(parts.add(first)).toBeUndefined();
    expect(parts.add(second)).toBeUndefined();
    const whole = parts.add(third);
    expect(hex(whole?.body)).toBe(hex(body));
    expect(whole?.header).toMatchObject({ id: 0x0801, serial: 100, version: '2013', phone });
    expect(whole?.header.part).toBeUndefined();
    expect(parts.openCount).toBe(0);
  });

  it('come whole from any body in any part size, in any order, repeated or not', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 600 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 0xffff }),
        fc.infiniteStream(fc.nat()),
        (any, maxBody, serial, order) => {
          const { parts } = harness();
          const left = messagesOf(any, maxBody, serial).flatMap(each => [each, each]);
          const wholes: Message[] = [];
          while (left.length) {
            const [next] = left.splice((order.next().value as number) % left.length, 1) as [Message];
            const whole = parts.add(next);
            if (whole) wholes.push(whole);
          }
          const expected = any.length > maxBody ? 1 : 2;
          expect(wholes).toHaveLength(expected);
          expect(hex(wholes[0]?.body)).toBe(hex(any));
          expect(wholes[0]?.header.serial).toBe(serial);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('own their bytes', () => {
    const { parts } = harness();
    const [first, second] = messagesOf(body, 20) as [Message, Message];
    parts.add(first);
    first.body.fill(0xff);
    expect(hex(parts.add(second)?.body)).toBe(hex(body));
  });

  it('of two messages under way do not mix', () => {
    const { parts } = harness();
    const one = messagesOf(new Uint8Array(20).fill(1), 10, 100);
    const two = messagesOf(new Uint8Array(20).fill(2), 10, 200);
    const other = messagesOf(new Uint8Array(20).fill(3), 10, 100, 0x0704);
    for (const first of [one[0], two[0], other[0]]) expect(parts.add(first as Message)).toBeUndefined();
    expect(parts.openCount).toBe(3);
    expect(new Set(parts.add(two[1] as Message)?.body)).toEqual(new Set([2]));
    expect(new Set(parts.add(other[1] as Message)?.body)).toEqual(new Set([3]));
    expect(new Set(parts.add(one[1] as Message)?.body)).toEqual(new Set([1]));
  });

  it('are asked for when they are missing, a set number of times, then given up', () => {
    const { parts, time, tally } = harness();
    const [first, , third] = messagesOf(body, 10) as [Message, Message, Message];
    parts.add(first);
    parts.add(third);
    time.ms = 999;
    expect(parts.dueRequests()).toEqual([]);
    time.ms = 1000;
    expect(parts.dueRequests()).toEqual([{ firstSerial: 100, indexes: [2] }]);
    expect(parts.dueRequests()).toEqual([]);
    time.ms = 2000;
    expect(parts.dueRequests()).toHaveLength(1);
    time.ms = 3000;
    expect(parts.dueRequests()).toEqual([]);
    expect(parts.openCount).toBe(0);
    expect(tally.get('parts.abandoned')).toBe(1);
  });

  it('that come after they were asked for complete the message', () => {
    const { parts, time } = harness();
    const [first, second, third] = messagesOf(body, 10) as [Message, Message, Message];
    parts.add(third);
    time.ms = 1000;
    expect(parts.dueRequests()).toEqual([{ firstSerial: 100, indexes: [1, 2] }]);
    expect(parts.add(second)).toBeUndefined();
    time.ms = 1999;
    expect(parts.dueRequests()).toEqual([]);
    expect(hex(parts.add(first)?.body)).toBe(hex(body));
    time.ms = 9000;
    expect(parts.dueRequests()).toEqual([]);
  });

  it('are asked for 255 at a time, as many as 0x8003 of 2013 can count', () => {
    const { parts, time } = harness();
    parts.add(messagesOf(new Uint8Array(600), 1)[299] as Message);
    time.ms = 1000;
    const [request] = parts.dueRequests();
    expect(request?.firstSerial).toBe(100);
    expect(request?.indexes).toEqual(Array.from({ length: 255 }, (_, at) => at + 1));
  });

  it('sent again after completion open nothing', () => {
    const { parts, tally, time } = harness();
    const all = messagesOf(body, 10);
    for (const each of all) parts.add(each);
    expect(parts.add(all[1] as Message)).toBeUndefined();
    expect(parts.openCount).toBe(0);
    expect(tally.get('parts.duplicate')).toBe(1);
    time.ms = 60_000;
    parts.add(all[1] as Message);
    expect(parts.openCount).toBe(1);
  });

  it('are refused beyond every ceiling', () => {
    const { parts, tally } = harness({ maxPartsPerMessage: 3, maxMessageBytes: 25, maxOpenMessages: 2 });
    expect(parts.add(messagesOf(body, 8)[0] as Message)).toBeUndefined();
    expect(tally.get('parts.tooMany')).toBe(1);

    const [first, second] = messagesOf(new Uint8Array(30), 15) as [Message, Message];
    parts.add(first);
    expect(parts.openCount).toBe(1);
    parts.add(second);
    expect(tally.get('parts.tooLarge')).toBe(1);
    expect(parts.openCount).toBe(0);

    for (const serial of [100, 200, 300]) parts.add(messagesOf(body, 10, serial)[0] as Message);
    expect(parts.openCount).toBe(2);
    expect(tally.get('parts.evicted')).toBe(1);
  });

  it('with an index that cannot be are refused', () => {
    const { parts, tally } = harness();
    const [first] = messagesOf(body, 10) as [Message];
    for (const part of [
      { total: 3, index: 0 },
      { total: 3, index: 4 },
      { total: 0, index: 0 },
    ])
      expect(parts.add({ ...first, header: { ...first.header, part } })).toBeUndefined();
    expect(tally.get('parts.badIndex')).toBe(3);
    expect(parts.openCount).toBe(0);
  });

  it('that are the only one of their message are whole at once', () => {
    const { parts } = harness();
    const [first] = messagesOf(body, 100) as [Message];
    const whole = parts.add({ ...first, header: { ...first.header, part: { total: 1, index: 1 } } });
    expect(hex(whole?.body)).toBe(hex(body));
    expect(whole?.header.part).toBeUndefined();
  });

  it('are forgotten when told', () => {
    const { parts } = harness();
    parts.add(messagesOf(body, 10)[0] as Message);
    parts.clear();
    expect(parts.openCount).toBe(0);
  });

  it('never keep more than their ceilings, whatever comes', () => {
    const wild = fc.record({
      id: fc.integer({ min: 0x0800, max: 0x0802 }),
      serial: fc.integer({ min: 0, max: 40 }),
      total: fc.integer({ min: 0, max: 8 }),
      index: fc.integer({ min: 0, max: 9 }),
      body: fc.uint8Array({ maxLength: 20 }),
      wait: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 150 }), all => {
        const { parts, time } = harness({ maxOpenMessages: 3, maxPartsPerMessage: 6, maxMessageBytes: 60 });
        for (const { id, serial, total, index, body: any, wait } of all) {
          time.ms += wait;
          const header = { id, version: '2013' as const, protocolVersion: 0, encryption: 0, phone, serial };
          const whole = parts.add({ header: { ...header, part: { total, index } }, body: any });
          expect(parts.openCount).toBeLessThanOrEqual(3);
          if (whole) expect(whole.body.length).toBeLessThanOrEqual(60);
          for (const request of parts.dueRequests()) expect(request.indexes.length).toBeGreaterThan(0);
        }
        time.ms += 10_000;
        for (let round = 0; round < 3; round++, time.ms += 1000) parts.dueRequests();
        expect(parts.openCount).toBe(0);
      }),
    );
  });
});
