import { describe, expect, it } from 'vitest';
import { isOwnPage, mayHave, mayOpenOutside, maySave } from '../electron/page-rights.ts';

const own = 'app://convoy/index.html';

describe('isOwnPage', () => {
  it('knows our page by scheme and host', () => {
    expect(isOwnPage('app://convoy/')).toBe(true);
    expect(isOwnPage('app://convoy')).toBe(true);
    for (const other of [
      'app://convoy.evil/',
      'app://evil/convoy',
      'https://convoy/',
      'about:blank',
      'x',
      '',
      undefined,
    ])
      expect(isOwnPage(other)).toBe(false);
  });
});

describe('mayHave', () => {
  it('gives full screen and copying to the top frame of our page', () => {
    for (const permission of ['fullscreen', 'clipboard-sanitized-write'])
      expect(mayHave({ permission, page: own, topFrame: true })).toBe(true);
  });

  it('gives the microphone and never a camera', () => {
    const media = (kinds: string[]) => mayHave({ permission: 'media', page: own, topFrame: true, media: kinds });
    expect(media(['audio'])).toBe(true);
    expect(media(['audio', 'video'])).toBe(false);
    expect(media(['video'])).toBe(false);
    expect(media(['unknown'])).toBe(false);
    expect(media([])).toBe(false);
    expect(mayHave({ permission: 'media', page: own, topFrame: false, media: ['audio'] })).toBe(false);
    expect(mayHave({ permission: 'media', page: 'https://convoy/', topFrame: true, media: ['audio'] })).toBe(false);
  });

  it('gives nothing to a frame or a stranger', () => {
    expect(mayHave({ permission: 'fullscreen', page: own, topFrame: false })).toBe(false);
    expect(mayHave({ permission: 'fullscreen', page: 'https://example.com', topFrame: true })).toBe(false);
  });

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'display-capture',
    'openExternal',
    'usb',
    'hid',
    'serial',
    'midiSysex',
    'pointerLock',
    'fileSystem',
    'something-new',
  ])('denies %s', permission => {
    expect(mayHave({ permission, page: own, topFrame: true })).toBe(false);
  });
});

describe('mayOpenOutside', () => {
  const door = 'http://127.0.0.1:3000/';
  it('opens the web door and nothing else', () => {
    expect(mayOpenOutside(door, door)).toBe(true);
    expect(mayOpenOutside('http://127.0.0.1:3000/?token=a', door)).toBe(true);
    for (const other of [
      'http://127.0.0.1:3001/',
      'https://127.0.0.1:3000/',
      'http://127.0.0.1:3000@evil.example/',
      'http://user:pw@127.0.0.1:3000/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '',
    ])
      expect(mayOpenOutside(other, door)).toBe(false);
    expect(mayOpenOutside(door, '')).toBe(false);
  });
});

it('saves only what our page made itself', () => {
  for (const own of ['blob:app://convoy/0f0e-11', 'app://convoy/uploads/u1-1/a', 'app://convoy/exports/0f0e/a.mp4'])
    expect(maySave(own)).toBe(true);
  for (const other of [
    'blob:https://convoy/1',
    'app://convoy/index.html',
    'app://convoy/exports',
    'app://elsewhere/exports/0f0e/a.mp4',
    'data:text/plain,x',
    'https://example.com/a',
  ])
    expect(maySave(other)).toBe(false);
});
