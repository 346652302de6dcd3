import { describe, expect, it } from 'vitest';
import type { MediaSource } from '../../electron/frames/media-source.ts';
import { Camera, terminal } from '../codec/jt1078/camera.ts';
import { Receiver, Recording } from './receiver.ts';

function tcp(receiver: Receiver, id: string) {
  const { source, delimiter } = receiver.connect(id);
  return {
    source,
    send(packets: Uint8Array[]) {
      for (const packet of packets) delimiter.push(packet);
    },
  };
}

/** A playback that is paused, or has told a source to end. */
class Player extends Recording {
  isPaused = false;
  former: MediaSource | undefined;
  isResting = () => this.isPaused;
  takes = (source: MediaSource) => source !== this.former;
}

describe('which source is a playback’s', () => {
  it('is the one that comes after it was asked for; what is live stays live', () => {
    const receiver = new Receiver({ known: [terminal] });
    const live = receiver.expect(terminal, 1);
    const wall = tcp(receiver, 'wall');
    const [camera, disk] = [new Camera(), new Camera()];
    wall.send(camera.key(300, 0));
    const playback = receiver.expect(terminal, 1, 'playback');
    wall.send(camera.plain(300, 40));
    tcp(receiver, 'disk').send(disk.key(500, 9000));
    wall.send(camera.plain(300, 80));
    expect(live.told).toEqual(['open wall', 'key', 'frame', 'frame']);
    expect(playback.told).toEqual(['open disk', 'key']);
    expect(receiver.tally.get('intake.swappedStreams')).toBe(0);
  });

  it('is the live stream’s where that was asked for later', () => {
    const receiver = new Receiver({ known: [terminal] });
    const playback = receiver.expect(terminal, 1, 'playback');
    const live = receiver.expect(terminal, 1);
    tcp(receiver, 'a').send(new Camera().key(300, 0));
    tcp(receiver, 'b').send(new Camera().key(300, 0));
    expect([live.told[0], playback.told[0]]).toEqual(['open a', 'open b']);
  });

  it('is kept while the playback is paused: a live stream that returns is live', () => {
    const receiver = new Receiver({ known: [terminal] });
    const live = receiver.expect(terminal, 1);
    const wall = tcp(receiver, 'wall');
    wall.send(new Camera().key(300, 0));
    const playback = new Player();
    receiver.intake.expect({ terminal, channel: 1, stream: 'playback' }, playback);
    const disk = tcp(receiver, 'disk');
    const camera = new Camera();
    disk.send(camera.key(500, 9000));
    playback.isPaused = true;
    receiver.pass(receiver.settings.sourceSilenceMs + 1000);
    receiver.intake.sourceClosed(wall.source);
    tcp(receiver, 'again').send(new Camera().key(300, 0));
    expect(live.told).toContain('open again');
    playback.isPaused = false;
    disk.send(camera.plain(300, 9040));
    expect(playback.told).toEqual(['open disk', 'key', 'frame']);
  });

  it('is none that was told to end', () => {
    const receiver = new Receiver({ known: [terminal] });
    const playback = new Player();
    const old = tcp(receiver, 'old');
    playback.former = old.source;
    receiver.intake.expect({ terminal, channel: 1, stream: 'playback' }, playback);
    old.send(new Camera().key(300, 0));
    tcp(receiver, 'new').send(new Camera().key(300, 0));
    expect(playback.told).toEqual(['open new', 'key']);
    expect(receiver.tally.get('intake.otherSource')).toBeGreaterThan(0);
  });
});
