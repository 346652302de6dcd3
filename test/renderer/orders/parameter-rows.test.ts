import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../../../electron/contract.ts';
import { parameterShape } from '../../../electron/ipc/parameter-shape.ts';
import { fieldsOf, isFine, valueAt } from '../../../renderer/orders/parameter-fields.ts';
import { rowListsOf, withoutRow, withRow } from '../../../renderer/orders/parameter-rows.ts';

const entry = (logical: number, kind: number) => ({ physical: logical, logical, kind, panTilt: 0 });
const table = { audioVideo: [entry(1, 0), entry(2, 0)], audio: [entry(9, 1)], video: [] };
const listOf = (id: 0x76 | 0x77, value: ParameterValue, name: string) =>
  rowListsOf(id, value).find(list => list.name === name)!;

describe('rows of the channel table', () => {
  it('are in three lists, which other parameters have not', () => {
    expect(rowListsOf(0x76, table).map(({ name, count }) => [name, count])).toEqual([
      ['rowsAudioVideo', 2],
      ['rowsAudio', 1],
      ['rowsVideo', 0],
    ]);
    expect(rowListsOf(0x75, {})).toEqual([]);
  });

  it('are added with the first channel that is free in all lists and the kind of their list', () => {
    const more = withRow(0x76, table, listOf(0x76, table, 'rowsVideo'));
    expect(valueAt(more, ['video'])).toEqual([{ physical: 3, logical: 3, kind: 2, panTilt: 0 }]);
    const most = withRow(0x76, more, listOf(0x76, more, 'rowsAudio'));
    expect(valueAt(most, ['audio', 1])).toEqual({ physical: 4, logical: 4, kind: 1, panTilt: 0 });
    expect(valueAt(most, ['audioVideo'])).toEqual(table.audioVideo);
  });

  it('are taken out one at a time', () => {
    expect(withoutRow(table, listOf(0x76, table, 'rowsAudioVideo'), 0)).toEqual({
      ...{ audioVideo: [entry(2, 0)], audio: [entry(9, 1)], video: [] },
    });
  });
});

describe('rows of single channels', () => {
  it('are added like the one before, for the next channel, and from nothing with values that fit', () => {
    const one = withRow(0x77, [], listOf(0x77, [], 'rowsSingle'));
    expect(fieldsOf(0x77, one).every(field => isFine(field, valueAt(one, field.path)))).toBe(true);
    const own = [{ ...(valueAt(one, [0]) as object), channel: 1, captions: 5 }] as ParameterValue;
    const two = withRow(0x77, own, listOf(0x77, own, 'rowsSingle'));
    expect([valueAt(two, [1, 'channel']), valueAt(two, [1, 'captions'])]).toEqual([2, 5]);
    // A copy: changing one leaves the other.
    expect(valueAt(two, [1, 'live'])).not.toBe(valueAt(two, [0, 'live']));
    expect(withoutRow(two, listOf(0x77, two, 'rowsSingle'), 0)).toEqual([valueAt(two, [1])]);
  });
});

describe('whatever rows are added and taken out', () => {
  const step = fc.record({ list: fc.nat(2), remove: fc.boolean(), at: fc.nat(70) });
  it.each([0x76, 0x77] as const)('the server takes what the form makes of %i, up to its ceiling', id => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 90 }), steps => {
        let value: ParameterValue = id === 0x76 ? { audioVideo: [], audio: [], video: [] } : [];
        for (const { list: wanted, remove, at } of steps) {
          const lists = rowListsOf(id, value);
          const list = lists[wanted % lists.length]!;
          if (remove && list.count > 0) value = withoutRow(value, list, at % list.count);
          else if (list.hasRoom) value = withRow(id, value, list);
        }
        expect(parameterShape(id)?.safeParse(value).error).toBeUndefined();
      }),
    );
  });

  it('the ceiling is the length byte of a parameter: 63 channels in all, 12 with settings of their own', () => {
    let channels: ParameterValue = { audioVideo: [], audio: [], video: [] };
    for (let count = 0; count < 63; count++) channels = withRow(0x76, channels, rowListsOf(0x76, channels)[count % 3]!);
    expect(rowListsOf(0x76, channels).map(list => list.hasRoom)).toEqual([false, false, false]);
    let single: ParameterValue = [];
    for (let count = 0; count < 12; count++) single = withRow(0x77, single, rowListsOf(0x77, single)[0]!);
    expect(rowListsOf(0x77, single)[0]).toMatchObject({ count: 12, hasRoom: false });
    const tooMany = withRow(0x76, channels, rowListsOf(0x76, channels)[0]!);
    expect(parameterShape(0x76)?.safeParse(tooMany).success).toBe(false);
    expect(parameterShape(0x77)?.safeParse(withRow(0x77, single, rowListsOf(0x77, single)[0]!)).success).toBe(false);
  });
});
