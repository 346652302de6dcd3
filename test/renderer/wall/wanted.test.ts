import { expect, it } from 'vitest';
import { emptyArrangement, toggledMaximise, withLayout } from '../../../renderer/wall/arrangement.ts';
import { wantedStream } from '../../../renderer/wall/wanted.ts';

const nine = {
  ...emptyArrangement,
  cells: emptyArrangement.cells.map((_, i) => ({ vehicleId: '77', channel: i + 1 })),
};

it('asks for sub in every grid', () => {
  expect(wantedStream(nine, 0, false)).toBe('sub');
  expect(wantedStream(withLayout(nine, 4), 3, false)).toBe('sub');
  expect(wantedStream(withLayout(nine, 16), 15, false)).toBe('sub');
});

it('asks for main where one picture fills the wall, and for nothing behind it', () => {
  expect(wantedStream(withLayout(nine, 1), 0, false)).toBe('main');
  const large = toggledMaximise(nine, 4);
  expect(wantedStream(large, 4, false)).toBe('main');
  expect(wantedStream(large, 3, false)).toBeNull();
});

it('asks for nothing beyond the layout and on a page that nobody sees', () => {
  expect(wantedStream(nine, 9, false)).toBeNull();
  expect(wantedStream(nine, 0, true)).toBeNull();
});
