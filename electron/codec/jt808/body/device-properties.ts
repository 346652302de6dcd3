import { digitsToBytes } from '../../bcd.ts';
import { hexDigits } from '../../terminal-id.ts';
import { decodePadded, decodeText, encodePadded, encodeText } from '../../text.ts';
import { defineEmptyMessage, defineMessage } from '../message-entry.ts';

export interface DeviceProperties {
  /** Bits of 808-2013 table 20: 0 passenger, 1 dangerous goods, 2 freight, 3 taxi, 6 hard-disk recorder, 7 separate unit. */
  deviceType: number;
  maker: string;
  /** Bytes of the maker field: 5 by the text, 11 from 2019 terminals that size it as 0x0100 does. */
  makerWidth: 5 | 11;
  model: string;
  deviceId: string;
  /** SIM card ICCID, 20 digits. */
  iccid: string;
  hardwareVersion: string;
  firmwareVersion: string;
  /** Bits: 0 GPS, 1 BeiDou, 2 GLONASS, 3 Galileo. */
  gnss: number;
  /** Bits: 0 GPRS, 1 CDMA, 2 TD-SCDMA, 3 WCDMA, 4 CDMA2000, 5 TD-LTE, 7 other. */
  modem: number;
}

/** 808-2013 §8.14. No body. */
export const queryDeviceProperties = defineEmptyMessage({
  id: 0x8107,
  name: 'Query terminal properties',
  direction: 'down',
  editions: ['808-2013', '808-2019'],
});

/**
 * 808-2013 §8.15.
 *
 * | field | 2013 | 2019 |
 * |---|---|---|
 * | terminal type | WORD | WORD |
 * | maker | BYTE[5] | BYTE[5], also BYTE[11] |
 * | model | BYTE[20] | BYTE[30] |
 * | device id | BYTE[7] | BYTE[30] |
 * | ICCID | BCD[10] | BCD[10] |
 * | hardware version | BYTE n, STRING[n] | same |
 * | firmware version | BYTE n, STRING[n] | same |
 * | GNSS properties | BYTE | BYTE |
 * | communication module properties | BYTE | BYTE |
 */
export const deviceProperties = defineMessage<0x0107, DeviceProperties>({
  id: 0x0107,
  name: 'Query terminal properties response',
  direction: 'up',
  editions: ['808-2013', '808-2019'],

  read(cursor, version) {
    const is2019 = version === '2019';
    const makerWidth = is2019 && endsWith(cursor.ahead(), 11) && !endsWith(cursor.ahead(), 5) ? 11 : 5;
    return {
      deviceType: cursor.u16(),
      maker: decodePadded(cursor.bytes(makerWidth)),
      makerWidth,
      model: decodePadded(cursor.bytes(is2019 ? 30 : 20)),
      deviceId: decodePadded(cursor.bytes(is2019 ? 30 : 7)),
      iccid: hexDigits(cursor.bytes(10)),
      hardwareVersion: decodeText(cursor.bytes(cursor.u8())),
      firmwareVersion: decodeText(cursor.bytes(cursor.u8())),
      gnss: cursor.u8(),
      modem: cursor.u8(),
    };
  },

  write(writer, value, version) {
    const is2019 = version === '2019';
    const hardware = encodeText(value.hardwareVersion);
    const firmware = encodeText(value.firmwareVersion);
    writer
      .u16(value.deviceType)
      .bytes(encodePadded(value.maker, is2019 ? value.makerWidth : 5))
      .bytes(encodePadded(value.model, is2019 ? 30 : 20))
      .bytes(encodePadded(value.deviceId, is2019 ? 30 : 7))
      .bytes(digitsToBytes(value.iccid, 10))
      .u8(hardware.length)
      .bytes(hardware)
      .u8(firmware.length)
      .bytes(firmware)
      .u8(value.gnss)
      .u8(value.modem);
  },
});

/** Whether the fields of a 2019 body end where the body does when the maker has `makerWidth` bytes. */
function endsWith(body: Uint8Array, makerWidth: number): boolean {
  const hardwareAt = 2 + makerWidth + 30 + 30 + 10;
  const firmwareAt = hardwareAt + 1 + (body[hardwareAt] ?? Number.NaN);
  return firmwareAt + 1 + (body[firmwareAt] ?? Number.NaN) + 2 === body.length;
}
