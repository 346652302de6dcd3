import { beforeEach, describe, expect, it } from 'vitest';
import type { VehicleChannel } from '../../../electron/contract.ts';
import { HearingOperations } from '../../../renderer/sound/hearing-operations.ts';
import { createHearingStore, withEar } from '../../../renderer/store/hearing.ts';
import { cameraName } from '../../../renderer/wall/arrangement.ts';
import { vehicle } from '../made-up.ts';

const front = { vehicleId: '139', channel: 1 };
const mute = { vehicleId: '139', channel: 2 };
const cab = { vehicleId: '139', channel: 9 };
const unknown = { vehicleId: '140', channel: 1 };
const channels: VehicleChannel[] = [{ channel: 1 }, { channel: 2, silent: true }, { channel: 9, soundOnly: true }];

const hearing = createHearingStore();
let story: string[];
let cells: (typeof front | null)[];
let operations: HearingOperations;

beforeEach(() => {
  story = [];
  cells = [front, mute, cab, unknown, null];
  hearing.setState({ ears: new Map() });
  const station = {
    fleet: { getState: () => ({ vehicles: new Map([['139', vehicle('139', { channels })]]) }) },
    wall: { getState: () => ({ cells, focus: 0 }) },
    hearing,
    soundHost: { wake: () => undefined },
    listening: {
      toggle: (camera: typeof front) => story.push(`listen ${cameraName(camera)}`),
      togglePinned: (camera: typeof front) => story.push(`pin ${cameraName(camera)}`),
      ear: (camera: typeof front) => hearing.getState().ears.get(cameraName(camera)),
    },
  };
  operations = new HearingOperations(station as never, { remark: (word: string) => story.push(word) } as never);
});

const heard = (camera: typeof front) =>
  hearing.setState(state => withEar(state, cameraName(camera), { kind: 'heard', pinned: false }));

describe('listening to a tile', () => {
  it('is offered but where the channel table has the camera without sound', () => {
    expect([front, mute, cab, unknown].map(camera => operations.hasSound(camera))).toEqual([true, false, true, true]);
  });

  it('is refused in words there, by either key, and goes on nowhere else', () => {
    operations.listen(1);
    operations.pin(1);
    operations.listen(4);
    expect(story).toEqual(['cannotHear', 'cannotHear']);
    operations.listen();
    operations.pin(3);
    expect(story.slice(2)).toEqual(['listen 139/1', 'pin 140/1']);
  });

  it('can be ended, though the table came meanwhile and says that there is none', () => {
    heard(mute);
    operations.listen(1);
    expect(story).toEqual(['listen 139/2']);
  });

  it('begins by itself with what has sound only, once', () => {
    operations.placed(front);
    operations.placed(cab);
    heard(cab);
    operations.placed(cab);
    expect(story).toEqual(['listen 139/9']);
  });
});
