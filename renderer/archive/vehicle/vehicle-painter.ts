import type { StoredFile } from '../../../electron/contract.ts';
import type { Span } from '../player/lane-map.ts';
import { timelineMetrics, timelineScale } from '../timeline-painter.ts';

export const vehicleLaneHeight = 34;

export interface VehicleLane {
  title: string;
  note: string;
  focused: boolean;
  /** The note is of something that went wrong. */
  isTrouble: boolean;
  files: readonly StoredFile[];
  /** What our own recordings hold: it need not be fetched. */
  held: readonly Span[];
  /** Where its vehicle plays now, ms since 1970. */
  playsAt: number | undefined;
}

export interface VehiclePicture {
  lanes: readonly VehicleLane[];
  marks: Span | null;
  view: Span;
  at: number;
}

const colours = {
  title: '#e8eef4',
  text: '#a9b6c3',
  faint: '#8190a0',
  trouble: '#ffc766',
  lane: '#0a0f15',
  file: '#3d5a4a',
  focusedFile: '#4f7a60',
  alarm: '#f5a524',
  held: '#3577b3',
  mark: 'rgb(77 163 255 / 22%)',
  cursor: '#ff6b6b',
  plays: '#35c46a',
} as const;

const font = '12px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';
const small = '10.5px system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif';

/** Draws what the vehicles hold, on the timeline's own scale; a thin line below is what we hold of it already. */
export function paintVehicleLanes(context: CanvasRenderingContext2D, width: number, picture: VehiclePicture): void {
  const scale = timelineScale(picture.view, width);
  const height = picture.lanes.length * vehicleLaneHeight;
  context.clearRect(0, 0, width, height);
  picture.lanes.forEach((lane, i) => {
    const top = i * vehicleLaneHeight;
    const y = top + 8;
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.font = font;
    context.fillStyle = lane.focused ? colours.title : colours.text;
    context.fillText(lane.title, 14, top + 14, timelineMetrics.labels - 22);
    context.font = small;
    context.fillStyle = lane.isTrouble ? colours.trouble : colours.faint;
    context.fillText(lane.note, 14, top + 28, timelineMetrics.labels - 22);
    context.save();
    context.beginPath();
    context.rect(scale.left, top, scale.width, vehicleLaneHeight);
    context.clip();
    context.fillStyle = colours.lane;
    context.fillRect(scale.left, y, scale.width, 18);
    for (const file of lane.files) {
      if (file.to <= picture.view.from || file.from >= picture.view.to) continue;
      const x = scale.x(file.from);
      // A hair between two files, so that one sees where each ends.
      const wide = Math.max(1, scale.x(file.to) - x - (scale.x(file.to) - x > 6 ? 1 : 0));
      context.fillStyle = lane.focused ? colours.focusedFile : colours.file;
      context.fillRect(x, y, wide, 18);
      if (file.alarms === 0 && file.videoAlarms === 0) continue;
      context.fillStyle = colours.alarm;
      context.fillRect(x, y, wide, 2);
    }
    context.fillStyle = colours.held;
    for (const { from, to } of lane.held)
      context.fillRect(scale.x(from), y + 15, Math.max(1, scale.x(to) - scale.x(from)), 3);
    if (lane.playsAt !== undefined) {
      context.fillStyle = colours.plays;
      context.fillRect(scale.x(lane.playsAt) - 1, y - 4, 3, 26);
    }
    context.restore();
  });
  if (picture.marks) {
    const left = Math.max(scale.left, scale.x(picture.marks.from));
    const right = Math.min(scale.left + scale.width, scale.x(picture.marks.to));
    context.fillStyle = colours.mark;
    if (right > left) context.fillRect(left, 0, right - left, height);
  }
  const x = scale.x(picture.at);
  context.fillStyle = colours.cursor;
  if (x >= scale.left && x <= scale.left + scale.width) context.fillRect(x - 0.5, 0, 1, height);
}
