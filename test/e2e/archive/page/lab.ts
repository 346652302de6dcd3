import type { CoverageLane, SegmentRow } from '../../../../electron/contract.ts';
import { Playback } from '../../../../renderer/archive/playback.ts';
import type { PaneState } from '../../../../renderer/archive/player/archive-pane.ts';
import { LaneMap } from '../../../../renderer/archive/player/lane-map.ts';
import { SegmentSource } from '../../../../renderer/archive/player/segment-source.ts';
import { fetchSegment } from '../../../../renderer/bridge.ts';
import type { FootageFile } from '../../../renderer/harness/footage.ts';

/** One file on a camera's lane. */
export interface Laid {
  /** Index of the footage. */
  file: number;
  from: number;
  to: number;
}

export interface PaneReport {
  state: PaneState;
  /** Wall clock of the picture, as the pane says. */
  shownAt: number | undefined;
  /** Number that is painted into the picture; -1 without one. */
  frame: number;
}

export interface SoundReport {
  kind: string;
  /** Wall clock of what is heard, as the player says. */
  heardAt: number | undefined;
  /** Loudest frequency, and how loud (0 to 1), of what the element really plays. */
  hz: number;
  level: number;
}

export interface Report {
  at: number;
  playing: boolean;
  panes: Record<string, PaneReport>;
  sound: SoundReport | undefined;
  /** Times that a pane's picture was begun anew. */
  loads: number;
}

const place = document.getElementById('place')!;
const bounds = { from: 0, to: 4_000_000_000_000 };

/** Ten bars, black or white: the frame's number in binary, lowest first. */
function readCounter(video: HTMLVideoElement): number {
  if (video.readyState < 2 || video.videoWidth === 0) return -1;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d')!;
  context.drawImage(video, 0, 0);
  let number = 0;
  for (let bit = 0; bit < 10; bit++) {
    const x = Math.floor(((bit + 0.5) * canvas.width) / 10);
    if (context.getImageData(x, canvas.height >> 1, 1, 1).data[0]! > 127) number += 1 << bit;
  }
  return number;
}

/** What an element plays, measured behind its decoder. */
class Meter {
  readonly #context = new AudioContext();
  readonly #analyser = this.#context.createAnalyser();

  constructor(element: HTMLAudioElement & { captureStream?(): MediaStream }) {
    this.#analyser.fftSize = 8192;
    this.#analyser.smoothingTimeConstant = 0;
    const stream = element.captureStream!();
    const connect = (): void => {
      if (stream.getAudioTracks().length > 0) this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    };
    stream.addEventListener('addtrack', connect);
    connect();
  }

  read(): { hz: number; level: number } {
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    const bins = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(bins);
    const loudest = bins.indexOf(Math.max(...bins));
    return {
      hz: (loudest * this.#context.sampleRate) / this.#analyser.fftSize,
      level: Math.max(...samples.map(Math.abs)),
    };
  }

  close(): void {
    void this.#context.close();
  }
}

/** Panes and a clock over made-up lanes, for the tests. */
class ArchiveLab {
  #playback: Playback | undefined;
  #names: string[] = [];
  #meter: Meter | undefined;
  #kind = '';
  #loads = 0;
  /** Bytes asked for, by file. */
  readonly asked: number[] = [];

  async open(lanes: Record<string, { segments: Laid[]; gaps: CoverageLane['gaps'] }>, at: number): Promise<void> {
    this.#playback?.close();
    place.replaceChildren();
    const footage = (await (await fetch('./footage.json')).json()) as FootageFile[];
    const rows = new Map<number, { row: SegmentRow; footage: FootageFile }>();
    const source = new SegmentSource({
      fragments: async segment => {
        const { row, footage: file } = rows.get(segment)!;
        const { initBytes, mime } = file;
        const fragments = file.fragments.map(each => ({ ...each, at: each.at + row.from }));
        return { ok: true, value: { initBytes, mime, fragments } };
      },
      bytes: (segment, from, to, signal) => {
        this.asked.push(to - from);
        return fetchSegment(Math.floor(segment / 1000), from, to, signal);
      },
      now: () => performance.now(),
    });
    this.#names = Object.keys(lanes);
    const playback = new Playback(
      {
        source,
        now: () => performance.now(),
        everyFrame(run) {
          let id = requestAnimationFrame(function step() {
            id = requestAnimationFrame(step);
            run();
          });
          return () => cancelAnimationFrame(id);
        },
        changed: () => undefined,
        soundChanged: (_, kind) => {
          this.#kind = kind;
        },
        moved: () => undefined,
      },
      at,
    );
    this.#playback = playback;
    playback.arrange(this.#names);
    let serial = 0;
    for (const [name, lane] of Object.entries(lanes)) {
      const segments = lane.segments.map(({ file, from, to }) => {
        // The file's number is what the lab's server is asked for.
        const row = rowOf(file * 1000 + serial++, from, to, footage[file]!);
        rows.set(row.id, { row, footage: footage[file]! });
        return row;
      });
      playback.setLane(name, new LaneMap({ segments, gaps: lane.gaps }), bounds);
      const element = playback.element(name)!;
      element.addEventListener('loadstart', () => this.#loads++);
      place.append(element);
    }
    this.#loads = 0;
    this.hear(undefined);
  }

  hear(name: string | undefined): void {
    this.#meter?.close();
    this.#meter = undefined;
    this.#kind = '';
    const playback = this.#playback!;
    playback.hear(name);
    if (playback.sound) this.#meter = new Meter(playback.sound.element);
  }

  isMuted(): boolean | undefined {
    return this.#playback!.sound?.element.muted;
  }

  setLevel(level: number): void {
    this.#playback!.setLevel(level);
  }

  seek(at: number): void {
    this.#playback!.seek(at);
  }

  play(rate: number): void {
    this.#playback!.clock.setRate(rate);
    this.#playback!.clock.play();
  }

  pause(): void {
    this.#playback!.clock.pause();
  }

  step(name: string, step: 1 | -1): void {
    this.#playback!.stepFrame(name, step);
  }

  report(): Report {
    const playback = this.#playback!;
    const panes: Report['panes'] = {};
    for (const name of this.#names) {
      const pane = playback.pane(name)!;
      panes[name] = { state: pane.state, shownAt: pane.shownAt(), frame: readCounter(pane.element) };
    }
    const sound = this.#meter && {
      kind: this.#kind,
      heardAt: playback.sound?.heardAt(),
      ...this.#meter.read(),
    };
    return { at: playback.clock.at(), playing: playback.clock.playing, panes, sound, loads: this.#loads };
  }
}

function rowOf(id: number, from: number, to: number, { codec, mime }: FootageFile): SegmentRow {
  const camera = { vehicleId: '1', channel: 1, stream: 'main' as const, headerId: '1', plate: '' };
  const picture = { codec, width: 320, height: 240, hasAudio: mime.includes('mp4a') };
  return { ...camera, ...picture, id, from, to, bytes: 0, frames: 0, state: 'complete', isProtected: false, file: '' };
}

declare global {
  interface Window {
    archiveLab: ArchiveLab;
  }
}
window.archiveLab = new ArchiveLab();
