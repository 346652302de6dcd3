import type { ArchiveEvent, TrackPoint } from '../../electron/contract.ts';
import { clockMinute, clockTime } from '../i18n/age.ts';
import type { LaneMap, Span } from './player/lane-map.ts';
import { TimelineScale, tickStep, ticks } from './timeline-scale.ts';

export const timelineMetrics = { labels: 150, right: 14, ruler: 24, lane: 40, thin: 34 } as const;

export interface TimelineLane {
  title: string;
  note: string;
  focused: boolean;
  map: LaneMap | undefined;
  vehicleId: string;
  channel: number;
}

export interface TimelinePicture {
  lanes: readonly TimelineLane[];
  events: readonly ArchiveEvent[];
  track: readonly TrackPoint[];
  marks: Span | null;
  view: Span;
  day: Span;
  words: { speed: string; speedNote: string; wholeDay: string };
  at: number;
  now: number;
}

const colours = {
  text: '#a9b6c3',
  faint: '#5d6b79',
  lane: '#0a0f15',
  footage: '#2b5f8f',
  focused: '#3577b3',
  kept: '#2f8f5b',
  gap: '#182430',
  hatch: '#24405a',
  mark: 'rgb(77 163 255 / 22%)',
  markEdge: '#4da3ff',
  cursor: '#ff6b6b',
  speed: '#5fd08f',
  grid: '#141d27',
} as const;

const level = { info: '#8190a0', warning: '#f5a524', error: '#ff4d4f' } as const;
const font = '12px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';
const small = '10.5px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';

/** Height a timeline of so many lanes needs, CSS pixels. */
export function timelineHeight(lanes: number): number {
  const { ruler, lane, thin } = timelineMetrics;
  return ruler + lanes * lane + 2 * thin + 6;
}

export function timelineScale(view: Span, width: number): TimelineScale {
  const { labels, right } = timelineMetrics;
  return new TimelineScale(view, labels, width - labels - right);
}

/** Draws the whole timeline; cheap enough for every picture of the screen. */
export function paintTimeline(context: CanvasRenderingContext2D, width: number, picture: TimelinePicture): void {
  const { ruler, lane, thin } = timelineMetrics;
  const scale = timelineScale(picture.view, width);
  const height = timelineHeight(picture.lanes.length);
  context.clearRect(0, 0, width, height);
  paintRuler(context, scale, picture, height);
  let top: number = ruler;
  for (const each of picture.lanes) {
    paintLane(context, scale, each, top, picture);
    top += lane;
  }
  paintLabel(context, picture.words.speed, picture.words.speedNote, top, false);
  paintSpeed(context, scale, picture.track, top + 6, 20);
  top += thin;
  paintDay(context, width, picture, top);
  if (picture.marks) paintMarks(context, scale, picture.marks, ruler, picture.lanes.length * lane);
  paintCursor(context, scale, picture.at, top - 4);
}

function paintRuler(context: CanvasRenderingContext2D, scale: TimelineScale, picture: TimelinePicture, height: number) {
  const step = tickStep(picture.view, scale.width, 92);
  context.font = font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const at of ticks(picture.view, step, picture.day.from)) {
    const x = scale.x(at);
    context.fillStyle = colours.grid;
    context.fillRect(Math.round(x), 20, 1, height - 20 - timelineMetrics.thin);
    context.fillStyle = colours.faint;
    context.fillText(step < 60_000 ? clockTime(at) : clockMinute(at), x, 11);
  }
}

function paintLabel(context: CanvasRenderingContext2D, title: string, note: string, top: number, focused: boolean) {
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.font = font;
  context.fillStyle = focused ? '#e8eef4' : colours.text;
  context.fillText(title, 14, top + 15, timelineMetrics.labels - 22);
  context.font = small;
  context.fillStyle = colours.faint;
  context.fillText(note, 14, top + 29, timelineMetrics.labels - 22);
}

function paintLane(
  context: CanvasRenderingContext2D,
  scale: TimelineScale,
  lane: TimelineLane,
  top: number,
  picture: TimelinePicture,
): void {
  const y = top + 10;
  const high = 20;
  paintLabel(context, lane.title, lane.note, top, lane.focused);
  context.save();
  context.beginPath();
  context.rect(scale.left, top, scale.width, timelineMetrics.lane);
  context.clip();
  context.fillStyle = colours.lane;
  context.fillRect(scale.left, y, scale.width, high);
  for (const gap of lane.map?.gaps ?? []) if (seen(gap, picture.view)) paintGap(context, scale, gap, y, high);
  context.fillStyle = lane.focused ? colours.focused : colours.footage;
  for (const span of lane.map?.spans ?? []) {
    if (!seen(span, picture.view)) continue;
    const x = scale.x(span.from);
    context.fillRect(x, y, Math.max(1, scale.x(span.to) - x), high);
  }
  context.fillStyle = colours.kept;
  for (const row of lane.map?.segments ?? [])
    if (row.isProtected && seen(row, picture.view))
      context.fillRect(scale.x(row.from), y + high - 3, Math.max(1, scale.x(row.to) - scale.x(row.from)), 3);
  for (const event of picture.events) {
    if (event.vehicleId !== lane.vehicleId || (event.channel !== 0 && event.channel !== lane.channel)) continue;
    paintEvent(context, scale.x(event.at), top + 9, level[event.level]);
  }
  context.restore();
}

function paintGap(context: CanvasRenderingContext2D, scale: TimelineScale, gap: Span, y: number, high: number): void {
  const left = Math.max(scale.left, scale.x(gap.from));
  const right = Math.min(scale.left + scale.width, scale.x(gap.to));
  if (right - left < 1) return;
  context.save();
  context.beginPath();
  context.rect(left, y, right - left, high);
  context.clip();
  context.fillStyle = colours.gap;
  context.fillRect(left, y, right - left, high);
  context.strokeStyle = colours.hatch;
  context.lineWidth = 3;
  context.beginPath();
  // Fixed to the screen, so that a drag does not make the hatching flicker.
  for (let x = Math.floor((left - high) / 10) * 10; x < right; x += 10) {
    context.moveTo(x, y + high);
    context.lineTo(x + high, y);
  }
  context.stroke();
  context.restore();
}

function paintEvent(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x - 5, y - 6);
  context.lineTo(x + 5, y - 6);
  context.lineTo(x, y);
  context.fill();
}

function paintSpeed(
  context: CanvasRenderingContext2D,
  scale: TimelineScale,
  track: readonly TrackPoint[],
  y: number,
  high: number,
): void {
  context.fillStyle = colours.lane;
  context.fillRect(scale.left, y, scale.width, high);
  const fastest = Math.max(60, ...track.map(point => point.speed));
  context.save();
  context.beginPath();
  context.rect(scale.left, y, scale.width, high);
  context.clip();
  context.strokeStyle = colours.speed;
  context.lineWidth = 1.5;
  context.beginPath();
  track.forEach((point, i) => {
    const x = scale.x(point.at);
    const to = y + high - 2 - (point.speed / fastest) * (high - 4);
    // Two minutes without a report are no line.
    if (i === 0 || point.at - track[i - 1]!.at > 120_000) context.moveTo(x, to);
    else context.lineTo(x, to);
  });
  context.stroke();
  context.restore();
}

/** The whole day, with what exists of any camera and the part that is shown above. */
function paintDay(context: CanvasRenderingContext2D, width: number, picture: TimelinePicture, top: number): void {
  const scale = timelineScale(picture.day, width);
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.font = font;
  context.fillStyle = colours.faint;
  context.fillText(picture.words.wholeDay, 14, top + 17);
  const y = top + 6;
  context.fillStyle = colours.lane;
  context.fillRect(scale.left, y, scale.width, 14);
  context.fillStyle = colours.footage;
  for (const lane of picture.lanes)
    for (const span of lane.map?.spans ?? []) {
      const from = Math.max(span.from, picture.day.from);
      const to = Math.min(span.to, picture.day.to);
      if (to > from) context.fillRect(scale.x(from), y, Math.max(1, scale.x(to) - scale.x(from)), 14);
    }
  const left = Math.max(scale.left, scale.x(picture.view.from));
  const right = Math.min(scale.left + scale.width, scale.x(picture.view.to));
  if (right > left) {
    context.strokeStyle = colours.markEdge;
    context.lineWidth = 1.5;
    context.strokeRect(left, y - 2, Math.max(4, right - left), 18);
  }
  context.fillStyle = colours.cursor;
  const x = scale.x(picture.at);
  if (x >= scale.left && x <= scale.left + scale.width) context.fillRect(x - 0.5, y - 3, 1.5, 20);
}

function paintMarks(context: CanvasRenderingContext2D, scale: TimelineScale, marks: Span, top: number, high: number) {
  const left = Math.max(scale.left, scale.x(marks.from));
  const right = Math.min(scale.left + scale.width, scale.x(marks.to));
  if (right <= left) return;
  context.fillStyle = colours.mark;
  context.fillRect(left, top, right - left, high);
  context.fillStyle = colours.markEdge;
  for (const x of [scale.x(marks.from), scale.x(marks.to)]) {
    if (x < scale.left - 1 || x > scale.left + scale.width + 1) continue;
    context.fillRect(x - 1, top, 2, high);
    context.fillRect(x - 4, top + high / 2 - 10, 8, 20);
  }
}

function paintCursor(context: CanvasRenderingContext2D, scale: TimelineScale, at: number, bottom: number): void {
  const x = scale.x(at);
  if (x < scale.left - 1 || x > scale.left + scale.width + 1) return;
  context.fillStyle = colours.cursor;
  context.fillRect(x - 1, 12, 2, bottom - 12);
  context.beginPath();
  context.roundRect(x - 33, 2, 66, 17, 3);
  context.fill();
  context.fillStyle = '#1d0506';
  context.font = `600 ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(clockTime(at), x, 11);
}

function seen(span: Span, view: Span): boolean {
  return span.to > view.from && span.from < view.to;
}
