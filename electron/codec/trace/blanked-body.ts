import { ShortRead } from '../cursor.ts';
import { deviceProperties } from '../jt808/body/device-properties.ts';
import { locationItems } from '../jt808/body/location-item.ts';
import { parameterTypes } from '../jt808/body/parameter-type.ts';
import { videoParameters } from '../jt808/body/video-parameter.ts';
import type { HeaderVersion } from '../jt808/frame.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/**
 * Replaces what is personal in a whole body, in place, and leaves its length as it is.
 * @throws ShortRead when the body is shorter than its fields
 */
type Blank = (body: Uint8Array, names: Pseudonyms, version: HeaderVersion) => void;

const star = 0x2a;
const fixedLocation = 28;
const plateParameter = 0x0083;
/** Province and city of the plate. */
const homeParameters = [0x0081, 0x0082];

/** Bodies that hold nothing of a person or a place. */
const impersonal: readonly number[] = [
  ...[0x0001, 0x0002, 0x0003, 0x0005, 0x0800, 0x0805, 0x1003, 0x1005, 0x1205, 0x1206],
  ...[0x8001, 0x8003, 0x8104, 0x8106, 0x8107, 0x8201, 0x8202, 0x8203, 0x8204, 0x8500],
  ...[0x8800, 0x8801, 0x8802, 0x8803, 0x8805],
  ...[0x9003, 0x9101, 0x9102, 0x9105, 0x9201, 0x9202, 0x9205, 0x9207],
  ...[0x9301, 0x9302, 0x9303, 0x9304, 0x9305, 0x9306],
];

const blanks = new Map<number, Blank>([
  ...impersonal.map((id): [number, Blank] => [id, () => undefined]),
  [0x0100, blankRegistration],
  [0x0102, blankAuthentication],
  [0x0104, (body, names) => blankParameters(body, 3, names)],
  [0x0107, blankProperties],
  [0x0200, body => blankLocation(body)],
  [0x0201, body => blankLocation(body.subarray(2))],
  [0x0500, body => blankLocation(body.subarray(2))],
  [0x0704, blankBatch],
  [0x0801, blankPicture],
  [0x0802, blankPictureList],
  [0x8100, (body, names) => body.set(names.text(from(body, 3)), 3)],
  [0x8103, (body, names) => blankParameters(body, 1, names)],
  // The kind of a control and the flags of a text stay; the words do not.
  [0x8105, body => from(body, 1).fill(star)],
  [0x8300, body => from(body, 1).fill(star)],
]);

/** Messages whose first part alone holds what is personal, so that other parts need not be joined to it. */
export const isBlankedByPart = (id: number): boolean => id === 0x0801 || impersonal.includes(id);

/** A body of a kind that is not known well enough becomes zeros, and so does one that is too short. */
export function blankBody(
  id: number,
  body: Uint8Array,
  names: Pseudonyms,
  version: HeaderVersion,
  partIndex: number | undefined,
): void {
  const blank = blanks.get(id);
  if (!blank) {
    body.fill(0);
    return;
  }
  if (id === 0x0801 && partIndex !== undefined && partIndex > 1) return;
  try {
    blank(body, names, version);
  } catch (thrown) {
    if (!(thrown instanceof ShortRead)) throw thrown;
    body.fill(0);
  }
}

function from(body: Uint8Array, at: number): Uint8Array {
  if (body.length < at) throw new ShortRead(0, at, body.length);
  return body.subarray(at);
}

/** Latitude, longitude, altitude and direction become 0, and so do items of makers: they may hold anything. Speed stays. */
function blankLocation(body: Uint8Array): void {
  from(body, fixedLocation);
  // Bits 2 and 3 of the status: the hemispheres.
  body[7] = (body[7] as number) & ~0x0c;
  body.fill(0, 8, 18);
  body.fill(0, 20, 22);
  let at = fixedLocation;
  while (at + 2 <= body.length) {
    const [id, length] = [body[at] as number, body[at + 1] as number];
    if (at + 2 + length > body.length) break;
    const layout = Object.hasOwn(locationItems, id) ? locationItems[id as keyof typeof locationItems] : undefined;
    if (!layout?.lengths.includes(length)) body.fill(0, at + 2, at + 2 + length);
    at += 2 + length;
  }
  body.fill(0, at);
}

function blankBatch(body: Uint8Array): void {
  let at = 3;
  from(body, at);
  while (at + 2 <= body.length) {
    const length = ((body[at] as number) << 8) | (body[at + 1] as number);
    if (length < fixedLocation || at + 2 + length > body.length) break;
    blankLocation(body.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  body.fill(0, at);
}

/** The picture or sound behind the location stays. 2011 has no location: its first bytes are lost. */
function blankPicture(body: Uint8Array): void {
  blankLocation(from(body, 8).subarray(0, fixedLocation));
}

function blankPictureList(body: Uint8Array): void {
  const width = 7 + fixedLocation;
  let at = 4;
  from(body, at);
  for (; at + width <= body.length; at += width) blankLocation(body.subarray(at + 7, at + width));
  body.fill(0, at);
}

function blankRegistration(body: Uint8Array, names: Pseudonyms, version: HeaderVersion): void {
  const deviceAt = version === '2019' ? 45 : body.length >= 37 ? 29 : 17;
  const colorAt = deviceAt + (version === '2019' ? 30 : 7);
  from(body, colorAt + 1);
  body.fill(0, 0, 4);
  body.set(names.text(body.subarray(deviceAt, colorAt)), deviceAt);
  body.set(names.text(body.subarray(colorAt + 1)), colorAt + 1);
}

function blankAuthentication(body: Uint8Array, names: Pseudonyms, version: HeaderVersion): void {
  if (version === '2013') {
    body.set(names.text(body));
    return;
  }
  from(body, 1);
  const imeiAt = 1 + (body[0] as number);
  from(body, imeiAt + 15);
  body.set(names.text(body.subarray(1, imeiAt)), 1);
  body.set(names.text(body.subarray(imeiAt, imeiAt + 15)), imeiAt);
}

function blankProperties(body: Uint8Array, names: Pseudonyms, version: HeaderVersion): void {
  const { makerWidth } = deviceProperties.read(body, version);
  const is2019 = version === '2019';
  const deviceAt = 2 + makerWidth + (is2019 ? 30 : 20);
  const iccidAt = deviceAt + (is2019 ? 30 : 7);
  from(body, iccidAt + 10);
  body.set(names.text(body.subarray(deviceAt, iccidAt)), deviceAt);
  body.set(names.phone(body.subarray(iccidAt, iccidAt + 10)), iccidAt);
}

/** Numbers that are known stay; of texts only the plate has a stead, the rest are stars: telephones, users, passwords. */
function blankParameters(body: Uint8Array, first: number, names: Pseudonyms): void {
  let at = first;
  from(body, at);
  while (at + 5 <= body.length) {
    const id = new DataView(body.buffer, body.byteOffset + at).getUint32(0);
    const end = at + 5 + (body[at + 4] as number);
    if (end > body.length) break;
    const value = body.subarray(at + 5, end);
    const type = Object.hasOwn(parameterTypes, id) ? parameterTypes[id as keyof typeof parameterTypes].type : undefined;
    if (id === plateParameter) value.set(names.text(value));
    else if (type === 'STRING') value.fill(star);
    else if ((type === undefined && !Object.hasOwn(videoParameters, id)) || homeParameters.includes(id)) value.fill(0);
    at = end;
  }
  body.fill(0, at);
}
