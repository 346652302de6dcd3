import { describe, expect, it } from 'vitest';
import { ShortRead } from '../../../../electron/codec/cursor.ts';
import { platformPartsRequest, terminalPartsRequest } from '../../../../electron/codec/jt808/body/parts-request.ts';
import { bytes } from '../../hex.ts';
import { expectBody } from '../expect-body.ts';

const value = { firstSerial: 0x1234, indexes: [2, 259] };

describe('requests for sub-packages', () => {
  it('count in a BYTE in 2013', () => {
    expectBody(platformPartsRequest, '2013', '1234 02 0002 0103', value);
    expectBody(terminalPartsRequest, '2013', '1234 02 0002 0103', value);
  });

  it('count in a WORD in 2019', () => {
    expectBody(platformPartsRequest, '2019', '1234 0002 0002 0103', value);
    expectBody(terminalPartsRequest, '2019', '1234 0002 0002 0103', value);
  });

  it('are understood whichever count the header’s version would have', () => {
    expect(terminalPartsRequest.read(bytes('1234 02 0002 0103'), '2019')).toEqual(value);
    expect(platformPartsRequest.read(bytes('1234 0002 0002 0103'), '2013')).toEqual(value);
    expect(platformPartsRequest.read(bytes('1234 00'), '2019')).toEqual({ firstSerial: 0x1234, indexes: [] });
  });

  it('are refused when indexes are missing', () => {
    expect(() => terminalPartsRequest.read(bytes('1234 0003 0002 0103'), '2019')).toThrow(ShortRead);
    expect(() => terminalPartsRequest.read(bytes('1234 FFFF'), '2019')).toThrow(ShortRead);
  });

  it('hold at most 255 indexes in 2013', () => {
    const indexes = Array.from({ length: 256 }, (_, at) => at + 1);
    expect(() => platformPartsRequest.write({ firstSerial: 1, indexes }, '2013')).toThrow(RangeError);
    expect(platformPartsRequest.write({ firstSerial: 1, indexes }, '2019').length).toBe(516);
  });
});
