import { decodePadded, decodeText, encodePadded, encodeText } from '../../text.ts';
import { defineMessage } from '../message-entry.ts';

/** Which layout a registration has. The header tells 2019 only; 2011 and 2013 differ in length. */
export type RegistrationLayout = '2011' | '2013' | '2019';

export interface Registration {
  layout: RegistrationLayout;
  /** GB/T 2260: first two digits of the area code; 0 left to the platform. */
  province: number;
  /** GB/T 2260: last four digits. */
  city: number;
  maker: string;
  model: string;
  /** The maker's own number for the device; not its phone. */
  deviceId: string;
  /** JT/T 415: 1 blue, 2 yellow, 3 black, 4 white, 9 other; 0 no plate, then `plate` is the VIN. */
  plateColor: number;
  plate: string;
}

const widths = {
  '2011': { maker: 5, model: 8, deviceId: 7, modelPadding: 0x20 },
  '2013': { maker: 5, model: 20, deviceId: 7, modelPadding: 0 },
  '2019': { maker: 11, model: 30, deviceId: 30, modelPadding: 0 },
} as const;

/** Shortest 2013 body: every field and no plate. A 2011 body that long would have a plate of 12 bytes. */
export const shortest2013 = 37;

/**
 * 808-2013 §8.5.
 *
 * | 2011 | 2013 | 2019 | field |
 * |---|---|---|---|
 * | 0 | 0 | 0 | province WORD |
 * | 2 | 2 | 2 | city WORD |
 * | 4 | 4 | 4 | maker BYTE[5], 2019 BYTE[11] |
 * | 9 | 9 | 15 | model BYTE[8], 2013 BYTE[20], 2019 BYTE[30] |
 * | 17 | 29 | 45 | device id BYTE[7], 2019 BYTE[30] |
 * | 24 | 36 | 75 | plate colour BYTE |
 * | 25 | 37 | 76 | plate STRING |
 */
export const registration = defineMessage<0x0100, Registration>({
  id: 0x0100,
  name: 'Terminal registration',
  direction: 'up',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor, version) {
    const layout = version === '2019' ? '2019' : cursor.left >= shortest2013 ? '2013' : '2011';
    const width = widths[layout];
    return {
      layout,
      province: cursor.u16(),
      city: cursor.u16(),
      maker: decodePadded(cursor.bytes(width.maker)),
      model: decodePadded(cursor.bytes(width.model)),
      deviceId: decodePadded(cursor.bytes(width.deviceId)),
      plateColor: cursor.u8(),
      plate: decodeText(cursor.rest()),
    };
  },

  write(writer, value) {
    const width = widths[value.layout];
    writer
      .u16(value.province)
      .u16(value.city)
      .bytes(encodePadded(value.maker, width.maker))
      .bytes(encodePadded(value.model, width.model, width.modelPadding))
      .bytes(encodePadded(value.deviceId, width.deviceId))
      .u8(value.plateColor)
      .bytes(encodeText(value.plate));
  },
});

/** 808-2013 table 8. */
export const registrationResult = {
  ok: 0,
  vehicleRegistered: 1,
  unknownVehicle: 2,
  terminalRegistered: 3,
  unknownTerminal: 4,
} as const;

export interface RegistrationReply {
  replySerial: number;
  /** One of `registrationResult`. */
  result: number;
  /** Sent and read only with result 0. */
  authCode: string;
}

/**
 * 808-2013 §8.6.
 *
 * | 0 | serial of the registration | WORD |
 * | 2 | result | BYTE |
 * | 3 | authentication code, only when the result is 0 | STRING |
 */
export const registrationReply = defineMessage<0x8100, RegistrationReply>({
  id: 0x8100,
  name: 'Terminal registration response',
  direction: 'down',
  editions: ['808-2011', '808-2013', '808-2019'],

  read(cursor) {
    const replySerial = cursor.u16();
    const result = cursor.u8();
    return { replySerial, result, authCode: result === 0 ? decodeText(cursor.rest()) : '' };
  },

  write(writer, value) {
    writer.u16(value.replySerial).u8(value.result);
    if (value.result === 0) writer.bytes(encodeText(value.authCode));
  },
});
