import { describe, expect, it } from 'vitest';
import { RestingEar } from '../../../renderer/sound/resting-ear.ts';
import { createHearingStore, withEar } from '../../../renderer/store/hearing.ts';
import { cameraName } from '../../../renderer/wall/arrangement.ts';

const front = { vehicleId: '13800138000', channel: 1 };
const cab = { vehicleId: '13800138000', channel: 2 };

function desk(pinned: boolean) {
  const hearing = createHearingStore();
  const toggle = (camera: typeof front): void =>
    hearing.setState(state => {
      const name = cameraName(camera);
      return withEar(state, name, state.ears.has(name) ? undefined : { kind: 'opening', pinned: false });
    });
  hearing.setState(state => withEar(state, cameraName(front), { kind: 'heard', pinned }));
  const heard = (): string[] => [...hearing.getState().ears.keys()];
  return { ear: new RestingEar({ toggle }, hearing), toggle, heard };
}

describe('RestingEar', () => {
  it('listens to the same camera again after the page that has sound of its own', () => {
    const { ear, heard } = desk(false);
    ear.rest([null, front, cab]);
    expect(heard()).toEqual([]);
    ear.wake([front, null]);
    expect(heard()).toEqual([cameraName(front)]);
    ear.wake([front, null]);
    expect(heard()).toEqual([cameraName(front)]);
  });

  it('leaves pinned cameras alone', () => {
    const { ear, heard } = desk(true);
    ear.rest([front, cab]);
    expect(heard()).toEqual([cameraName(front)]);
    ear.wake([front, cab]);
    expect(heard()).toEqual([cameraName(front)]);
  });

  it('forgets a camera that left the wall, or that another took the place of', () => {
    const left = desk(false);
    left.ear.rest([front, cab]);
    left.ear.wake([null, cab]);
    expect(left.heard()).toEqual([]);
    const taken = desk(false);
    taken.ear.rest([front, cab]);
    taken.toggle(cab);
    taken.ear.wake([front, cab]);
    expect(taken.heard()).toEqual([cameraName(cab)]);
  });
});
