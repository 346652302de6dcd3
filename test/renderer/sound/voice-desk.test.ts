import { afterEach, describe, expect, it } from 'vitest';
import type { MediaDown } from '../../../electron/contract.ts';
import type { SoundBlock } from '../../../renderer/sound/jitter-buffer.ts';
import type { SoundDown, WorkletBlock } from '../../../renderer/sound/sound-messages.ts';
import { VoiceDesk } from '../../../renderer/sound/voice-desk.ts';
import { eventually } from '../../accept/eventually.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function bench() {
  const pcm = new MessageChannel();
  const blocks: SoundBlock[] = [];
  /** In order: how many samples, or that it begins anew. */
  const story: (number | 'restart')[] = [];
  pcm.port2.onmessage = event => {
    const block = event.data as WorkletBlock;
    if (block !== 'restart') blocks.push(block);
    story.push(block === 'restart' ? block : block.samples.length);
  };
  const told: SoundDown[] = [];
  const desk = new VoiceDesk(7, pcm.port1, {}, message => told.push(message));
  open.push(desk, pcm.port2);
  const stream = () => {
    const { port1, port2 } = new MessageChannel();
    const up: unknown[] = [];
    port1.onmessage = event => up.push(event.data);
    desk.listen(port2);
    open.push(port1);
    let seq = 0;
    return {
      up,
      send: (message: MediaDown) => port1.postMessage(message),
      audio(payloadType: number, data: Uint8Array, ptsMs = seq * 20) {
        port1.postMessage({
          type: 'audio',
          seq: seq++,
          payloadType,
          ptsMs,
          receivedAt: ptsMs + 300,
          data,
        } satisfies MediaDown);
      },
    };
  };
  return { desk, blocks, story, told, stream };
}

/** A-law of zero, and of the loudest positive sample. */
const quiet = new Uint8Array(160).fill(0xd5);
const loud = new Uint8Array(160).fill(0xaa);

describe('VoiceDesk', () => {
  it('decodes what comes and hands it to the worklet', async () => {
    const { desk, blocks, stream } = bench();
    const sub = stream();
    sub.audio(6, loud);
    sub.audio(6, quiet);
    await eventually('two blocks', () => blocks.length === 2);
    expect(blocks.map(({ ptsMs, sampleRate, samples }) => [ptsMs, sampleRate, samples.length])).toEqual([
      [0, 8000, 160],
      [20, 8000, 160],
    ]);
    expect(blocks[0]?.samples[0]).toBeGreaterThan(0.95);
    expect(Math.abs(blocks[1]?.samples[0] ?? 1)).toBeLessThan(0.001);
    expect(desk.report()).toMatchObject({ voice: 7, packets: 2, payloadType: 6, broken: 0, stampLagMs: 300 });
    expect(desk.report().reading).toContain('711');
  });

  it('goes on with the stream before until the next one brings sound', async () => {
    const { blocks, stream } = bench();
    const sub = stream();
    sub.audio(6, loud);
    await eventually('a block', () => blocks.length === 1);
    const main = stream();
    sub.audio(6, loud);
    await eventually('another', () => blocks.length === 2);
    expect(sub.up).toEqual([]);
    main.audio(6, quiet, 40);
    await eventually('the other stream', () => blocks.at(-1)?.ptsMs === 40 && sub.up.length === 1);
    expect(sub.up).toEqual([{ type: 'close' }]);
  });

  it('names once what it cannot decode', async () => {
    const { told, blocks, stream } = bench();
    const sub = stream();
    for (let i = 0; i < 3; i++) sub.audio(5, loud);
    sub.audio(6, loud);
    await eventually('a block', () => blocks.length > 0);
    expect(told).toEqual([{ type: 'unsupported', voice: 7, payloadType: 5 }]);
    expect(blocks).toHaveLength(1);
  });

  it('tells that the stream ended, unless another takes its place', async () => {
    const { told, stream } = bench();
    const sub = stream();
    const main = stream();
    sub.send({ type: 'end', code: 'terminalGone', message: '' });
    await eventually('the end', () => sub.up.length === 1);
    expect(told).toEqual([]);
    main.send({ type: 'end', code: 'shuttingDown', message: 'bye' });
    await eventually('the last end', () => told.length > 0);
    expect(told).toEqual([{ type: 'end', voice: 7, code: 'shuttingDown', message: 'bye' }]);
  });

  it('begins anew with what is said of the sound', async () => {
    const { desk, blocks, stream } = bench();
    const sub = stream();
    sub.audio(6, loud);
    await eventually('a block', () => blocks.length === 1);
    desk.learn({ options: { law: 'mu' } });
    sub.audio(6, loud);
    await eventually('another', () => blocks.length === 2);
    expect(blocks[0]?.samples[0]).not.toBe(blocks[1]?.samples[0]);
  });

  it('has what waits thrown away where the footage leaps, and forgets the stamps of before', async () => {
    const { desk, story, stream } = bench();
    const footage = stream();
    footage.audio(6, loud, 0);
    footage.send({ type: 'gap', frames: 0, reason: 'restart' });
    await eventually('the leap', () => story.length === 2);
    expect(desk.report().stampLagMs).toBeUndefined();
    footage.audio(6, quiet, 20);
    footage.audio(6, quiet, 40);
    await eventually('sound of after', () => story.length === 4);
    expect(story).toEqual([160, 'restart', 160, 160]);
    expect(desk.report()).toMatchObject({ packets: 3, payloadType: 6, stampLagMs: 300 });
  });

  it('closes its ports', async () => {
    const { desk, stream } = bench();
    const sub = stream();
    desk.close();
    await eventually('the close', () => sub.up.length > 0);
    expect(sub.up).toEqual([{ type: 'close' }]);
  });
});
