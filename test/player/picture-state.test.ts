import { describe, expect, it } from 'vitest';
import type { StreamPhase, StreamStatus } from '../../electron/contract.ts';
import { pictureState, sameState } from '../../renderer/player/picture-state.ts';

function status(phase: StreamPhase, more: Partial<StreamStatus> = {}): StreamStatus {
  return {
    phase,
    since: 0,
    steps: [
      { step: 'commandSent', at: 1 },
      { step: 'acknowledged', at: 2 },
    ],
    attempts: 0,
    lastFrameAt: 0,
    fps: 0,
    bitsPerSecond: 0,
    lossRatio: 0,
    ...more,
  };
}

const seen = { pictureAgeMs: 100, awaitsKey: false };
const unseen = { awaitsKey: true };

describe('pictureState', () => {
  it('is opening, with the last step, until there is a picture', () => {
    expect(pictureState({ ...unseen })).toEqual({ kind: 'opening' });
    expect(pictureState({ ...unseen, status: status('opening') })).toEqual({ kind: 'opening', step: 'acknowledged' });
    expect(pictureState({ ...unseen, status: status('live') }).kind).toBe('opening');
  });

  it('is live only while pictures come', () => {
    expect(pictureState({ ...seen, status: status('live') })).toEqual({ kind: 'live' });
    expect(pictureState({ status: status('live'), pictureAgeMs: 2001, awaitsKey: false })).toEqual({
      kind: 'stalled',
      ageMs: 2001,
    });
  });

  it('believes the server when it is the worse of the two', () => {
    expect(pictureState({ ...seen, status: status('stalled') }).kind).toBe('stalled');
    expect(pictureState({ ...seen, status: status('waiting') }).kind).toBe('waiting');
    expect(pictureState({ ...seen, status: status('lost') })).toEqual({ kind: 'lost', ageMs: 100 });
    expect(pictureState({ ...seen, status: status('offline') }).kind).toBe('offline');
    expect(pictureState({ ...seen, status: status('opening') }).kind).toBe('opening');
  });

  it('is never live when no picture was shown for two seconds, whatever the server says', () => {
    const phases: StreamPhase[] = ['offline', 'opening', 'live', 'waiting', 'stalled', 'lost', 'refused', 'closed'];
    for (const phase of phases)
      for (const awaitsKey of [true, false])
        expect(pictureState({ status: status(phase), pictureAgeMs: 2500, awaitsKey }).kind).not.toBe('live');
  });

  it('waits when the player itself misses a key frame', () => {
    expect(pictureState({ status: status('live'), pictureAgeMs: 2500, awaitsKey: true }).kind).toBe('waiting');
    expect(pictureState({ status: status('live'), pictureAgeMs: 500, awaitsKey: true }).kind).toBe('live');
  });

  it('says why it was refused and why it ended', () => {
    const error = { code: 'commandUnsupported', message: 'not supported' } as const;
    expect(pictureState({ ...unseen, status: status('refused', { error }) })).toEqual({ kind: 'refused', ...error });
    const end = { code: 'terminalGone', message: 'gone' } as const;
    expect(pictureState({ ...seen, status: status('live'), end })).toEqual({ kind: 'ended', ...end });
  });

  it('says what it cannot decode, but not before the vehicle is there', () => {
    const undecodable = { codec: 'h265', payloadType: 99, reason: 'h265' } as const;
    expect(pictureState({ ...unseen, status: status('live'), undecodable })).toEqual({
      kind: 'undecodable',
      ...undecodable,
    });
    expect(pictureState({ ...unseen, status: status('offline'), undecodable }).kind).toBe('offline');
  });
});

describe('sameState', () => {
  it('takes a growing age for no change, and a new step for one', () => {
    expect(sameState({ kind: 'stalled', ageMs: 1 }, { kind: 'stalled', ageMs: 900 })).toBe(true);
    expect(sameState({ kind: 'opening' }, { kind: 'opening', step: 'firstPacket' })).toBe(false);
    expect(sameState({ kind: 'live' }, { kind: 'stalled', ageMs: 2001 })).toBe(false);
  });
});
