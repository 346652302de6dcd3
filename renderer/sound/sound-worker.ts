/// <reference lib="webworker" />
import type { SoundDown, SoundUp } from './sound-messages.ts';
import { VoiceDesk } from './voice-desk.ts';

/** The one worker that decodes for every camera that is heard: a busy page cannot break the sound off. */
const reportEvery = 250;
const voices = new Map<number, VoiceDesk>();

function post(message: SoundDown): void {
  self.postMessage(message);
}

self.onmessage = (event: MessageEvent<SoundUp>) => {
  const message = event.data;
  if (message.type === 'open') {
    voices.set(message.voice, new VoiceDesk(message.voice, message.pcm, message.facts, post));
    return;
  }
  const voice = voices.get(message.voice);
  if (message.type === 'listen') voice?.listen(message.port);
  else if (message.type === 'facts') voice?.learn(message.facts);
  else {
    voices.delete(message.voice);
    voice?.close();
  }
};

setInterval(() => {
  if (voices.size > 0) post({ type: 'reports', reports: [...voices.values()].map(voice => voice.report()) });
}, reportEvery);
