import { spawnSync } from 'node:child_process';
import { Random } from '../../fuzz/random.ts';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** What ffmpeg makes of `bytes`. @throws with its words when it cannot */
export function ffmpeg(options: readonly string[], bytes: Uint8Array): Buffer {
  const { stdout, stderr, status } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...options, 'pipe:1'], {
    input: bytes,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

/** PCM of a coding that ffmpeg reads. @param input options of the input but its name */
export function decodedByFfmpeg(input: readonly string[], bytes: Uint8Array): Int16Array {
  return samplesOf(ffmpeg([...input, '-i', 'pipe:0', '-f', 's16le'], bytes));
}

/** A coding that ffmpeg writes, of PCM at 8 kHz. @param output options of the output but its name */
export function encodedByFfmpeg(samples: Int16Array, output: readonly string[]): Buffer {
  return ffmpeg(['-f', 's16le', '-ar', '8000', '-ac', '1', '-i', 'pipe:0', ...output], bytesOf(samples));
}

export function samplesOf(bytes: Uint8Array): Int16Array {
  return new Int16Array(Uint8Array.from(bytes).buffer);
}

export function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

const rate = 8000;
const seconds = 2;

function made(sampleAt: (at: number) => number): Int16Array {
  return Int16Array.from({ length: rate * seconds }, (_, at) =>
    Math.max(-32768, Math.min(32767, Math.round(sampleAt(at)))),
  );
}

function tone(hz: number, level: number): Int16Array {
  return made(at => level * Math.sin((at * 2 * Math.PI * hz) / rate));
}

/** Noise of an engine's colour: white noise through a low pass. */
function rumble(level: number): Int16Array {
  const random = new Random(5);
  let last = 0;
  return made(() => {
    last += 0.1 * ((random.next() / 2 ** 31 - 1) * level * 4 - last);
    return last;
  });
}

/** Like a voice: pulses of a wandering pitch through three resonances, in syllables. */
function voice(level: number): Int16Array {
  const random = new Random(11);
  const poles = [
    { hz: 550, width: 90 },
    { hz: 1500, width: 120 },
    { hz: 2500, width: 160 },
  ].map(({ hz, width }) => {
    const radius = Math.exp((-Math.PI * width) / rate);
    return { turn: 2 * radius * Math.cos((2 * Math.PI * hz) / rate), fade: radius * radius, last: 0, before: 0 };
  });
  let phase = 0;
  return made(at => {
    phase += (110 + 30 * Math.sin((at * 2 * Math.PI * 2) / rate)) / rate;
    const isPulse = phase >= 1;
    if (isPulse) phase -= 1;
    const syllable = at % 2400 < 1800 ? 1 : 0.05;
    let sample = syllable * ((isPulse ? 1 : 0) + 0.01 * (random.next() / 2 ** 31 - 1));
    for (const pole of poles) {
      sample += pole.turn * pole.last - pole.fade * pole.before;
      pole.before = pole.last;
      pole.last = sample;
    }
    return sample * level;
  });
}

export function whiteNoise(level: number): Int16Array {
  const random = new Random(7);
  return made(() => (random.next() / 2 ** 31 - 1) * level);
}

/** Sound that every test of a coding goes through, at 8 kHz. None of it overloads a coder. */
export const sounds: Record<string, Int16Array> = {
  silence: made(() => 0),
  'faint tone': tone(1000, 100),
  tone: tone(440, 12_000),
  'high tone': tone(2500, 6000),
  sweep: made(at => 18_000 * Math.sin(at * at * 2 * Math.PI * 1e-5)),
  'white noise': whiteNoise(10_000),
  rumble: rumble(12_000),
  voice: voice(5000),
  'tone that stops': made(at => (at % 4000 < 2000 ? 9000 * Math.sin((at * 2 * Math.PI * 697) / rate) : 0)),
};
