import type { TrackPoint } from '../contract.ts';

/** One second of an exported file. */
export interface SidecarRow {
  /** Seconds from the first shown frame. */
  readonly seconds: number;
  /** Wall clock, ms since 1970. */
  readonly at: number;
  /** The newest position up to then, unless it is older than `stalePositionMs`. */
  readonly position: TrackPoint | undefined;
}

/** Where a moment of the exported file meets the wall clock. */
export interface FileMark {
  readonly seconds: number;
  readonly at: number;
}

/** Terminals report every 10 to 30 s; a position older than a minute says nothing of where the vehicle is. */
const stalePositionMs = 60_000;

/** @param marks and @param track oldest first */
export function sidecarRows(marks: readonly FileMark[], track: readonly TrackPoint[], duration: number): SidecarRow[] {
  const rows: SidecarRow[] = [];
  let mark = 0;
  let point = -1;
  for (let seconds = 0; seconds < duration; seconds++) {
    while ((marks[mark + 1]?.seconds ?? Number.POSITIVE_INFINITY) <= seconds) mark++;
    const near = marks[mark];
    if (!near) break;
    const at = near.at + Math.round((seconds - near.seconds) * 1000);
    while ((track[point + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) point++;
    const position = track[point];
    rows.push({ seconds, at, position: position && at - position.at <= stalePositionMs ? position : undefined });
  }
  return rows;
}

/** SubRip: players show it over the picture when it has the name of the video. */
export function captions(rows: readonly SidecarRow[], duration: number, title: string): string {
  return rows
    .map(({ seconds, at, position }, index) => {
      const end = Math.min(seconds + 1, duration);
      const where = position
        ? `${position.speed.toFixed(1)} km/h  ${position.latitude.toFixed(6)}, ${position.longitude.toFixed(6)}`
        : '';
      const lines = [`${title}  ${localTime(at)}`, ...(where ? [where] : [])];
      return `${index + 1}\r\n${captionTime(seconds)} --> ${captionTime(end)}\r\n${lines.join('\r\n')}\r\n`;
    })
    .join('\r\n');
}

/** One row a second; position columns are empty where none is known. */
export function clockTable(rows: readonly SidecarRow[]): string {
  const lines = rows.map(({ seconds, at, position }) =>
    [
      seconds,
      new Date(at).toISOString(),
      localTime(at),
      ...(position
        ? [position.latitude.toFixed(6), position.longitude.toFixed(6), position.speed.toFixed(1), position.direction]
        : ['', '', '', '']),
    ].join(','),
  );
  return `${['seconds,utc,local,latitude,longitude,speed_kmh,direction', ...lines].join('\r\n')}\r\n`;
}

function captionTime(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)},${String(ms % 1000).padStart(3, '0')}`;
}

/** `2026-11-23 16:04:05 +08:00`, in the time zone of this machine. */
export function localTime(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const local = new Date(at + minutes * 60_000).toISOString();
  const size = Math.abs(minutes);
  const zone = `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone}`;
}
