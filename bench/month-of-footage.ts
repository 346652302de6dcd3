import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../electron/clock.ts';
import type { CameraKey, FragmentRow } from '../electron/contract.ts';
import { parameterSets } from '../electron/frames/nal.ts';
import { silentLog } from '../electron/log.ts';
import { Catalogue } from '../electron/record/catalogue.ts';
import { fragmentBoxes } from '../electron/record/fragment-box.ts';
import { makeInitSegment } from '../electron/record/init-segment.ts';
import { nalUnits } from '../electron/record/nal-units.ts';
import { Tally } from '../electron/tally.ts';
import { accessUnits } from '../test/live/clip.ts';

const fps = 15;
const gop = 30;
const clipSeconds = 20;
const segmentMs = 300_000;
/** A file system gives a file so many names and no more; ext4 takes 65,000. */
const namesOfAFile = 30_000;

interface Segment {
  readonly bytes: Buffer;
  readonly initBytes: number;
  readonly mime: string;
  readonly fragments: readonly FragmentRow[];
}

/** Five minutes of 720p at 1 Mbit/s and a key frame every two seconds, as the recorder writes them. */
async function makeSegment(camera: CameraKey): Promise<Segment> {
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=1280x720:rate=${fps}`, '-t', String(clipSeconds)];
  const coder = ['-c:v', 'libx264', '-profile:v', 'main', '-bf', '0', '-preset', 'ultrafast', '-b:v', '1M'];
  const groups = ['-maxrate', '1M', '-bufsize', '1M', '-g', String(gop), '-keyint_min', String(gop)];
  const form = ['-sc_threshold', '0', '-threads', '1', '-pix_fmt', 'yuv420p', '-f', 'h264', '-'];
  const words = ['-v', 'error', ...source, ...coder, ...groups, ...form];
  const units = accessUnits(execFileSync('ffmpeg', words, { maxBuffer: 1 << 28 }));
  const sets = parameterSets(units[0]!.data, 'h264');
  const start = { codec: 'h264' as const, parameterSets: sets, width: 1280, height: 720 };
  const init = await makeInitSegment(start, undefined, { ...camera, headerId: camera.vehicleId, plate: '', from: 0 });
  if (!init) throw new Error('no header');
  const parts: Uint8Array[] = [init.bytes];
  const fragments: FragmentRow[] = [];
  let offset = init.bytes.length;
  const timeOf = (frame: number) => Math.round((frame * 1000) / fps);
  for (let first = 0; timeOf(first) < segmentMs; first += gop) {
    const samples = Array.from({ length: gop }, (_, n) => {
      const { data, key } = units[(first + n) % units.length]!;
      return { units: nalUnits(new Uint8Array(data)), duration: timeOf(first + n + 1) - timeOf(first + n), key };
    });
    const mediaMs = timeOf(first);
    const boxes = fragmentBoxes(fragments.length + 1, { from: mediaMs, samples }, undefined);
    const durationMs = timeOf(first + gop) - mediaMs;
    fragments.push({ at: mediaMs, mediaMs, durationMs, offset, bytes: boxes.length, frames: gop });
    parts.push(boxes);
    offset += boxes.length;
  }
  return { bytes: Buffer.concat(parts), initBytes: init.bytes.length, mime: init.mime, fragments };
}

export interface Month {
  /** A data folder as a server leaves it. */
  readonly dataDir: string;
  readonly segments: number;
  /** Local midnight of its first day. */
  readonly from: number;
  readonly days: number;
  remove(): Promise<void>;
}

/** The whole month before this one of every camera without a pause. The files share their bytes: they are names of a few. */
export async function makeMonth(cameras: readonly CameraKey[]): Promise<Month> {
  const now = new Date();
  const from = new Date(now.getFullYear(), now.getMonth() - 1, 1);
  const to = new Date(now.getFullYear(), now.getMonth(), 1);
  const dataDir = await mkdtemp(join(tmpdir(), 'convoy-bench-'));
  const folder = join(dataDir, 'recordings');
  const segment = await makeSegment(cameras[0]!);
  const path = join(dataDir, 'catalogue.db');
  const catalogue = Catalogue.open({ path, clock: systemClock, tally: new Tally(), log: silentLog });
  let names = 0;
  let source = '';
  for (let at = from.getTime(); at < to.getTime(); at += segmentMs) {
    const date = new Date(at);
    const day = `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
    const fragments = segment.fragments.map(row => ({ ...row, at: row.at + at }));
    for (const [index, camera] of cameras.entries()) {
      const file = `${day}/${camera.vehicleId}/${index}_${at}.mp4`;
      const place = join(folder, file);
      if (at === from.getTime() || date.getHours() + date.getMinutes() === 0)
        await mkdir(dirname(place), { recursive: true });
      if (names++ % namesOfAFile === 0) {
        source = place;
        await writeFile(place, segment.bytes);
      } else await link(source, place);
      const picture = { codec: 'h264', width: 1280, height: 720, hasAudio: false } as const;
      const { initBytes, mime } = segment;
      const plate = `B${camera.vehicleId.slice(-4)}`;
      const id = catalogue.opened({
        ...camera,
        ...picture,
        headerId: camera.vehicleId,
        plate,
        from: at,
        file,
        initBytes,
        mime,
      });
      for (const row of fragments) catalogue.fragment(id, row);
      const end = { bytes: segment.bytes.length, frames: fragments.length * gop, file, state: 'complete' as const };
      catalogue.closed(id, { ...end, to: at + segmentMs });
    }
    catalogue.flush();
  }
  catalogue.close();
  return {
    dataDir,
    segments: names,
    from: from.getTime(),
    days: new Date(to.getTime() - 1).getDate(),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}
