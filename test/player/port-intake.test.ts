import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaDown, MediaUp } from '../../electron/contract.ts';
import { Backlog, backlogLimits } from '../../renderer/player/backlog.ts';
import type { MediaFrame } from '../../renderer/player/engine.ts';
import { PortIntake } from '../../renderer/player/port-intake.ts';

function frame(seq: number, key = false, size = 10): MediaFrame {
  return {
    type: 'frame',
    seq,
    key,
    cached: false,
    ptsMs: seq * 40,
    receivedAt: seq * 40,
    data: new Uint8Array(size),
  };
}

describe('PortIntake', () => {
  let server: MessagePort;
  let intake: PortIntake;
  let taken: number[];
  let said: string[];
  let up: MediaUp[];

  beforeEach(() => {
    const { port1, port2 } = new MessageChannel();
    server = port1;
    taken = [];
    said = [];
    up = [];
    server.onmessage = event => up.push(event.data);
    intake = new PortIntake(port2, {
      status: status => said.push(`status ${status.phase}`),
      start: start => said.push(`start ${start.codec}`),
      frame: one => taken.push(one.seq),
      end: code => said.push(`end ${code}`),
    });
    return () => server.close();
  });

  /** Sends everything and waits until it was read; a status at the end tells when. */
  async function send(...messages: MediaDown[]): Promise<void> {
    for (const message of messages) server.postMessage(message);
    await expect.poll(() => intake.framesReceived).toBe(messages.filter(one => one.type === 'frame').length);
    await new Promise(resolve => setTimeout(resolve, 5));
  }

  it('lets nothing through before the first key frame', async () => {
    await send(frame(0), frame(1), frame(2, true), frame(3));
    expect(taken).toEqual([2, 3]);
    expect(intake.framesDropped).toBe(2);
    expect(intake.awaitsKey).toBe(false);
  });

  it('waits for a key frame after a gap that it is told of', async () => {
    await send(frame(0, true), { type: 'gap', frames: 3, reason: 'loss' }, frame(1), frame(2), frame(3, true));
    expect(taken).toEqual([0, 3]);
  });

  it('waits for a key frame after a jump in the count that nobody told it of', async () => {
    await send(frame(0, true), frame(1), frame(3), frame(4), frame(5, true), frame(6));
    expect(taken).toEqual([0, 1, 5, 6]);
    expect(intake.framesDropped).toBe(2);
  });

  it('waits for a key frame when the decoder asks for one', async () => {
    await send(frame(0, true));
    intake.requireKey();
    server.postMessage(frame(1));
    server.postMessage(frame(2, true));
    await expect.poll(() => taken).toEqual([0, 2]);
  });

  it('gives credits back in batches, for dropped frames too, and the rest on demand', async () => {
    await send(...Array.from({ length: 19 }, (_, i) => frame(i)));
    intake.settle();
    await expect.poll(() => up).toEqual([8, 8, 3].map(frames => ({ type: 'credit', frames })));
    intake.settle();
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(up).toHaveLength(3);
  });

  it('passes on what else is said', async () => {
    await send(
      { type: 'start', codec: 'h264', parameterSets: [], width: 352, height: 288 },
      { type: 'end', code: 'terminalGone', message: '' },
    );
    expect(said).toEqual(['start h264', 'end terminalGone']);
  });

  it('tells the server that it closes', async () => {
    intake.close();
    await expect.poll(() => up).toEqual([{ type: 'close' }]);
  });

  it('lets go of the port with what was not delivered yet', async () => {
    await send(frame(0, true));
    const port = intake.release() as MessagePort;
    server.postMessage(frame(1));
    const seqs: number[] = [];
    port.onmessage = event => seqs.push(event.data.seq);
    await expect.poll(() => seqs).toEqual([1]);
    expect(taken).toEqual([0]);
    port.close();
  });
});

describe('Backlog', () => {
  it('begins at the newest key frame', () => {
    const backlog = new Backlog();
    expect(backlog.push(frame(0))).toBe(1);
    for (const one of [frame(1, true), frame(2), frame(3)]) expect(backlog.push(one)).toBe(0);
    expect(backlog.push(frame(4, true))).toBe(3);
    backlog.push(frame(5));
    expect(backlog.take().map(one => one.seq)).toEqual([4, 5]);
    expect(backlog.take()).toEqual([]);
  });

  it('is given up when it grows over its ceilings', () => {
    const many = new Backlog();
    many.push(frame(0, true));
    for (let i = 1; i < backlogLimits.frames; i += 1) expect(many.push(frame(i))).toBe(0);
    expect(many.push(frame(backlogLimits.frames))).toBe(backlogLimits.frames + 1);
    expect(many.push(frame(backlogLimits.frames + 1))).toBe(1);
    const large = new Backlog();
    large.push(frame(0, true, backlogLimits.bytes));
    expect(large.push(frame(1))).toBe(2);
  });
});
