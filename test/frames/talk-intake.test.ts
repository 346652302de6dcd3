import { describe, expect, it } from 'vitest';
import { Camera, noise, terminal } from '../codec/jt1078/camera.ts';
import { Receiver } from './receiver.ts';

function peer(receiver: Receiver, id: string) {
  const { source, delimiter } = receiver.connect(id);
  const send = (packets: Uint8Array[]) => {
    for (const packet of packets) delimiter.push(packet);
  };
  return { source, send };
}

const talkKey = { terminal, channel: 1, stream: 'talk' } as const;

describe('a talk on a channel', () => {
  it('takes the sound of a source of its own, beside a picture that runs', () => {
    const receiver = new Receiver({ known: [terminal] });
    const live = receiver.expect(terminal, 1);
    const picture = peer(receiver, 'picture');
    const camera = new Camera();
    picture.send(camera.key(300, 0));
    const talk = receiver.expect(terminal, 1, 'talk');
    picture.send([camera.sound(noise(160), 10)]);
    expect(talk.told).toEqual([]);
    const voice = peer(receiver, 'voice');
    const cab = new Camera();
    voice.send([cab.sound(noise(160), 0), cab.sound(noise(160), 20)]);
    expect(talk.told).toEqual(['open voice', 'audio', 'audio']);
    expect(live.told).toEqual(['open picture', 'key', 'audio']);
    receiver.intake.sourceClosed(voice.source);
    expect(talk.told.at(-1)).toBe('closed');
  });

  it('never takes pictures', () => {
    const receiver = new Receiver({ known: [terminal] });
    const talk = receiver.expect(terminal, 1, 'talk');
    peer(receiver, 'a').send(new Camera().key(300, 0));
    expect(talk.told).toEqual([]);
  });

  it('gives back a live stream that began with sound, and goes on waiting', () => {
    const receiver = new Receiver({ known: [terminal] });
    const live = receiver.expect(terminal, 1);
    let mistaken = 0;
    const talk = receiver.expect(terminal, 1, 'talk');
    receiver.intake.expect(talkKey, Object.assign(talk, { sourceMistaken: () => mistaken++ }));
    const camera = new Camera();
    const picture = peer(receiver, 'picture');
    picture.send([camera.sound(noise(160), 0), ...camera.key(300, 10)]);
    expect(mistaken).toBe(1);
    expect(live.told).toContain('key');
    expect(receiver.tally.get('intake.talkWasLive')).toBe(1);
    peer(receiver, 'voice').send([new Camera().sound(noise(160), 0)]);
    expect(talk.told).toContain('open voice');
    expect(talk.told.at(-1)).toBe('audio');
  });

  it('is not its own any more once it was forgotten, on its connection as on any', () => {
    const receiver = new Receiver({ known: [terminal] });
    receiver.expect(terminal, 1, 'talk');
    const cab = new Camera();
    const voice = peer(receiver, 'voice');
    voice.send([cab.sound(noise(160), 0)]);
    receiver.intake.forget(talkKey);
    voice.send([cab.sound(noise(160), 20)]);
    expect(receiver.tally.get('intake.unwanted')).toBe(1);
    expect(receiver.intake.isWanted(terminal)).toBe(false);
  });
});
