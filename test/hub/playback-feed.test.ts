import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../electron/config.ts';
import type { PlaybackControl, Result } from '../../electron/contract.ts';
import type { AudioPacket } from '../../electron/frames/frame.ts';
import { PlaybackFeed } from '../../electron/hub/playback-feed.ts';
import { Tally } from '../../electron/tally.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { audioPacket, deltaFrame, keyFrame } from './hand-made.ts';
import { udpSource } from './vehicle-side.ts';
import { Viewer } from './viewer.ts';

/** 2026-11-20 10:00:00 UTC. */
const ten = Date.UTC(2026, 10, 20, 10);

class Hearer extends Viewer {
  readonly packets: AudioPacket[] = [];
  override audio(packet: AudioPacket): void {
    super.audio(packet);
    this.packets.push(packet);
  }
}

/** A playback whose device stamps what it plays with the wall clock of the footage. */
function bench() {
  const clock = new ManualClock();
  const said: string[] = [];
  const settings = { ...defaultSettings(), playbackAheadMs: 10_000 };
  const feed = new PlaybackFeed({
    order: { from: ten, to: ten + 600_000, mode: 'normal', speed: 1 },
    door: {
      isOnline: () => true,
      expect: () => undefined,
      forget: () => undefined,
      open: async () => ({ ok: true, value: { target: '10.0.0.1:6611' } }),
      control: async (control): Promise<Result<unknown>> => {
        said.push(control);
        return { ok: true, value: null };
      },
    },
    subscriber: new Viewer(),
    isPaced: true,
    former: new WeakMap(),
    settings,
    clock,
    tally: new Tally(),
    changed: () => undefined,
    over: () => undefined,
  });
  feed.open();
  feed.sourceOpened(udpSource);
  const hearer = new Hearer();
  const subscription = feed.listen(hearer);
  const picture = (at: number, key = false) => feed.frame((key ? keyFrame : deltaFrame)({ receivedAt: at }));
  const sound = (at: number) => feed.audio({ ...audioPacket(clock.now()), ptsMs: at });
  const control = (what: PlaybackControl, speed: 1 | 4 = 1, at = 0) => feed.control(what, speed, at);
  return { clock, feed, hearer, subscription, picture, sound, control, said };
}

describe('the sound of a playback', () => {
  it('has the time of the pictures it goes with, and the wall clock of the footage', () => {
    const { hearer, picture, sound } = bench();
    picture(ten, true);
    sound(ten + 10);
    picture(ten + 40);
    sound(ten + 50);
    expect(hearer.packets.map(({ ptsMs, receivedAt }) => [ptsMs - ten, receivedAt - ten])).toEqual([
      [10, 10],
      [50, 50],
    ]);
    expect(hearer.story).toEqual(['audio', 'audio']);
    expect(hearer.last.phase).toBe('live');
  });

  it('is none at any speed but the normal one, and begins anew when that is back', async () => {
    const { hearer, picture, sound, control, clock } = bench();
    picture(ten, true);
    await control('fast', 4);
    sound(ten + 100);
    await control('keyPlay');
    sound(ten + 200);
    await control('resume');
    clock.pass(40);
    picture(ten + 300);
    sound(ten + 310);
    expect(hearer.story).toEqual(['gap 0 restart', 'gap 0 restart', 'gap 0 restart', 'audio']);
  });

  it('is silent while it is paused on the vehicle, and does not count the pause when it goes on', async () => {
    const { hearer, picture, sound, control, clock, said } = bench();
    picture(ten, true);
    await control('pause');
    clock.pass(60_000);
    await control('resume');
    picture(ten + 40);
    sound(ten + 40);
    expect(said).toEqual(['pause', 'resume']);
    expect(hearer.story).toEqual(['gap 0 restart', 'audio']);
    expect(hearer.packets[0]!.ptsMs).toBe(ten + 40);
  });

  it('of before a drag is not heard after it, nor what comes before the first picture of the other place', async () => {
    const { hearer, picture, sound, control, clock } = bench();
    picture(ten, true);
    sound(ten + 10);
    await control('drag', 1, ten + 300_000);
    sound(ten + 300_000);
    clock.pass(500);
    picture(ten + 300_000, true);
    sound(ten + 300_020);
    expect(hearer.story).toEqual(['audio', 'gap 0 restart', 'gap 0 restart', 'audio']);
    const [before, after] = hearer.packets;
    // On the pictures' timeline, which goes on as if nothing had been left out.
    expect(after!.ptsMs - before!.ptsMs).toBe(500 + 10);
    expect(after!.receivedAt).toBe(ten + 300_020);
  });

  it('that comes without pictures is heard too, from wherever one drags to', async () => {
    const { hearer, sound, control } = bench();
    sound(5000);
    await control('drag', 1, ten + 300_000);
    sound(9000);
    expect(hearer.packets.map(packet => packet.ptsMs)).toEqual([5000, 9000]);
  });

  it('ends with it, and leaves it running when nobody hears it any more', async () => {
    const { hearer, subscription, feed, picture, sound, control, said } = bench();
    const other = new Hearer();
    feed.listen(other);
    picture(ten, true);
    subscription.close();
    sound(ten + 10);
    expect([hearer.story, other.story]).toEqual([[], ['audio']]);
    expect(said).toEqual([]);
    await control('stop');
    expect(other.story.at(-1)).toBe('end playbackEnded');
  });
});
