import type { Cursor } from '../../cursor.ts';
import type { Writer } from '../../writer.ts';
import { defineMessage } from '../message-entry.ts';

/** Where 0x9301 turns the camera. */
export const turnDirection = { stop: 0, up: 1, down: 2, left: 3, right: 4 } as const;

export interface CameraTurn {
  channel: number;
  /** One of `turnDirection`. */
  direction: number;
  /** 0 to 255. */
  speed: number;
}

/**
 * 1078-2016 §5.7.1, table 29.
 *
 * | 0 | channel | BYTE |
 * | 1 | direction | BYTE |
 * | 2 | speed | BYTE |
 */
export const cameraTurn = defineMessage<0x9301, CameraTurn>({
  id: 0x9301,
  name: 'PTZ rotation',
  direction: 'down',
  editions: ['1078-2016'],
  read: cursor => ({ channel: cursor.u8(), direction: cursor.u8(), speed: cursor.u8() }),
  write(writer, value) {
    writer.u8(value.channel).u8(value.direction).u8(value.speed);
  },
});

/** 0x9302. */
export const focusAdjustment = { increase: 0, decrease: 1 } as const;
/** 0x9303. */
export const apertureAdjustment = { increase: 0, decrease: 1 } as const;
/** 0x9304. */
export const wiperState = { stop: 0, start: 1 } as const;
/** 0x9305. */
export const infraredState = { stop: 0, start: 1 } as const;
/** 0x9306. */
export const zoomAdjustment = { larger: 0, smaller: 1 } as const;

export interface CameraControl {
  channel: number;
  /** One of the object that stands above with the message's id. */
  control: number;
}

// | 0 | channel | BYTE |
// | 1 | control | BYTE |

const down = { direction: 'down', editions: ['1078-2016'], read, write } as const;

function read(cursor: Cursor): CameraControl {
  return { channel: cursor.u8(), control: cursor.u8() };
}

function write(writer: Writer, value: CameraControl): void {
  writer.u8(value.channel).u8(value.control);
}

/** 1078-2016 §5.7.2, table 30. */
export const focusControl = defineMessage({ ...down, id: 0x9302, name: 'PTZ focus control' });

/** 1078-2016 §5.7.3, table 31. */
export const apertureControl = defineMessage({ ...down, id: 0x9303, name: 'PTZ aperture control' });

/** 1078-2016 §5.7.4, table 32. */
export const wiperControl = defineMessage({ ...down, id: 0x9304, name: 'PTZ wiper control' });

/** 1078-2016 §5.7.5, table 33. */
export const infraredControl = defineMessage({ ...down, id: 0x9305, name: 'Infrared fill light control' });

/** 1078-2016 §5.7.6, table 34. */
export const zoomControl = defineMessage({ ...down, id: 0x9306, name: 'PTZ zoom control' });
