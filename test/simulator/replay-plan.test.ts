import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeFrame, type Message } from '../../electron/codec/jt808/frame.ts';
import { TraceTextWriter } from '../../electron/codec/trace/trace-text.ts';
import { ReplayPlan } from '../../electron/simulator/replay-plan.ts';
import { frame, word } from '../live/foreign-frame.ts';

const folder = mkdtempSync(join(tmpdir(), 'convoy-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const phone = '013912345678';
const general = (serial: number, id: number, result = 0) =>
  Buffer.concat([word(serial), word(id), Buffer.from([result])]);

/** @param said direction, message id, serial, body */
async function planOf(...said: ['in' | 'out', number, number, Buffer][]): Promise<ReplayPlan> {
  const writer = new TraceTextWriter();
  const lines = said.map(([direction, id, serial, body], at) =>
    writer.unit({
      ...{ at: 1_795_000_000_000_000 + at, direction, transport: 'tcp', connection: 1 },
      ...{ remote: { address: '10.0.0.9', port: 1 }, local: { address: '10.0.0.1', port: 2 } },
      bytes: frame({ dialect: '2013', id, phone, serial }, body),
    }),
  );
  const file = join(folder, 'a.txt');
  const head = writer.head({ vehicle: '13912345678', plate: '', startedAt: 0, isBlanked: false });
  writeFileSync(file, Buffer.concat([head, ...lines]));
  return ReplayPlan.read(file);
}

const asked = (id: number, serial: number): Message => {
  const message = decodeFrame(frame({ dialect: '2013', id, phone, serial }, Buffer.alloc(0)).subarray(1, -1));
  if (typeof message === 'string') throw new Error(message);
  return message;
};

/** Id and body of every frame that answers. */
const answers = (plan: ReplayPlan, id: number, serial: number) =>
  plan.answer(asked(id, serial)).map(bytes => {
    const message = decodeFrame(bytes.subarray(1, -1));
    if (typeof message === 'string') throw new Error(message);
    return `${message.header.id.toString(16)} ${Buffer.from(message.body).toString('hex')}`;
  });

describe('a plan of a replay', () => {
  it('answers a command as the vehicle did, under the serial of the new command', async () => {
    const plan = await planOf(
      ['out', 0x9302, 7, Buffer.from([1, 0])],
      ['in', 0x0001, 1, general(7, 0x9302, 3)],
      ['out', 0x9205, 8, Buffer.alloc(24)],
      ['in', 0x0001, 2, general(8, 0x9205)],
      ['in', 0x1205, 3, Buffer.concat([word(8), Buffer.alloc(4)])],
    );
    expect(answers(plan, 0x9302, 900)).toEqual(['1 0384930203']);
    expect(answers(plan, 0x9205, 901)).toEqual(['1 0385920500', '1205 038500000000']);
    // The last one is given again; what the vehicle was never asked is acknowledged.
    expect(answers(plan, 0x9302, 902)).toEqual(['1 0386930203']);
    expect(answers(plan, 0x9306, 903)).toEqual(['1 0387930600']);
  });

  it('gives one answer after the other, and each to the command that it was for', async () => {
    const plan = await planOf(
      ['out', 0x9201, 4, Buffer.alloc(24)],
      ['in', 0x0001, 1, general(4, 0x9201, 1)],
      ['out', 0x9205, 5, Buffer.alloc(24)],
      ['in', 0x1205, 2, Buffer.concat([word(5), Buffer.alloc(4, 1)])],
      ['out', 0x9205, 6, Buffer.alloc(24)],
      ['in', 0x1205, 3, Buffer.concat([word(6), Buffer.alloc(4, 2)])],
      ['in', 0x1003, 4, Buffer.alloc(10, 9)],
    );
    expect(answers(plan, 0x9201, 16)).toEqual(['1 0010920101']);
    expect(answers(plan, 0x9205, 17)).toEqual(['1205 001101010101']);
    expect(answers(plan, 0x9205, 18)).toEqual(['1205 001202020202']);
    expect(answers(plan, 0x9003, 19)).toEqual(['1003 09090909090909090909']);
  });

  it('knows that a vehicle was there before the trace', async () => {
    expect((await planOf(['out', 0x9003, 1, Buffer.alloc(0)])).present).toBe(1);
    expect((await planOf(['in', 0x0100, 1, Buffer.alloc(40)])).present).toBeUndefined();
    expect((await planOf()).first).toBeUndefined();
  });
});
