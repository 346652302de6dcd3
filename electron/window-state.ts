export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A window as it was left. The rectangle is the one it has when it is neither maximised nor full screen. */
export interface WindowState extends Rectangle {
  maximized: boolean;
  fullScreen: boolean;
}

/** Size in DIP at the first start, and the least an operator can make it. */
export const firstSize = { width: 1440, height: 900 } as const;
export const leastSize = { width: 960, height: 600 } as const;

/**
 * Where to open the window. A saved rectangle is kept when its title bar can be reached on a display that is there now;
 * else the window moves wholly onto the nearest one and shrinks to fit it. Without a saved state: the middle of the first.
 * @param workAreas of the displays, the primary first; at least one
 */
export function placeWindow(saved: WindowState | undefined, workAreas: readonly Rectangle[]): WindowState {
  const primary = workAreas[0] ?? { x: 0, y: 0, ...firstSize };
  if (!saved) return { ...centred(firstSize, primary), maximized: false, fullScreen: false };
  const reachable = workAreas.find(area => canGrab(saved, area));
  const rectangle = reachable ? shrunk(saved, reachable) : inside(saved, nearest(saved, workAreas) ?? primary);
  return { ...rectangle, maximized: saved.maximized, fullScreen: saved.fullScreen };
}

/** Reads what was kept in a file; undefined when it is not a window's state. */
export function readWindowState(value: unknown): WindowState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y, width, height, maximized, fullScreen } = value as Record<string, unknown>;
  const numbers = [x, y, width, height];
  if (!numbers.every(n => typeof n === 'number' && Number.isFinite(n) && Math.abs(n) < 1e6)) return undefined;
  const whole = numbers.map(n => Math.round(n as number)) as [number, number, number, number];
  return {
    x: whole[0],
    y: whole[1],
    width: Math.max(leastSize.width, whole[2]),
    height: Math.max(leastSize.height, whole[3]),
    maximized: maximized === true,
    fullScreen: fullScreen === true,
  };
}

/** At least 120 × 24 DIP of the title bar lie on the display. */
function canGrab(window: Rectangle, area: Rectangle): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return across >= 120 && window.y >= area.y && window.y + 24 <= area.y + area.height;
}

function shrunk(window: Rectangle, area: Rectangle): Rectangle {
  if (window.width <= area.width && window.height <= area.height) return pick(window);
  return inside(window, area);
}

function inside(window: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(window.width, area.width);
  const height = Math.min(window.height, area.height);
  return {
    x: clamp(window.x, area.x, area.x + area.width - width),
    y: clamp(window.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

function centred(size: { width: number; height: number }, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width);
  const height = Math.min(size.height, area.height);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}

function nearest(window: Rectangle, areas: readonly Rectangle[]): Rectangle | undefined {
  const distance = (area: Rectangle) =>
    Math.hypot(
      window.x + window.width / 2 - area.x - area.width / 2,
      window.y + window.height / 2 - area.y - area.height / 2,
    );
  return [...areas].sort((a, b) => distance(a) - distance(b))[0];
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
const pick = ({ x, y, width, height }: Rectangle): Rectangle => ({ x, y, width, height });
