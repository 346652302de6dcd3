import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceTable } from '../../electron/accept/source-table.ts';

function tableWithLog() {
  const forgotten: string[] = [];
  const table = new SourceTable({
    localAddress: '0.0.0.0',
    localPort: 6611,
    send: () => true,
    forgotten: source => forgotten.push(source.remote),
  });
  return { table, forgotten };
}

test('a source is one object per address and port', () => {
  const { table } = tableWithLog();
  const first = table.add('10.0.0.1', 5000, 0);
  expect(first).toMatchObject({ id: 'udp:10.0.0.1:5000', remote: '10.0.0.1:5000', localAddress: '0.0.0.0' });
  table.add('10.0.0.1', 5001, 1);
  table.add('fe80::1', 5000, 2);
  expect(table.find('10.0.0.1', 5000, 3)).toBe(first);
  expect(table.find('10.0.0.2', 5000, 3)).toBeUndefined();
  expect(table.find('fe80::1', 5000, 3)?.remote).toBe('[fe80::1]:5000');
});

test('the least recently used is the first to go', () => {
  const { table, forgotten } = tableWithLog();
  table.add('a', 1, 0);
  table.add('b', 1, 1);
  table.add('c', 1, 2);
  table.find('a', 1, 3);
  table.dropIdle(2, 0);
  expect(forgotten).toEqual(['b:1']);
  table.dropOldest();
  table.dropOldest();
  expect(table.dropOldest()).toBe(false);
  expect(forgotten).toEqual(['b:1', 'c:1', 'a:1']);
  expect(table.size).toBe(0);
});

test('one that signals stays longer, wherever it stands in the order', () => {
  const { table, forgotten } = tableWithLog();
  table.add('signal', 1, 0).recognised('signal');
  table.add('media', 1, 1);
  table.add('late', 1, 50);
  table.dropIdle(40, 0);
  expect(forgotten).toEqual(['media:1']);
  table.dropIdle(40, 1);
  expect(forgotten).toEqual(['media:1', 'signal:1']);
  expect(table.size).toBe(1);
});

test('a closed source is forgotten once and sends no more', () => {
  const { table, forgotten } = tableWithLog();
  const source = table.add('a', 1, 0);
  expect(source.send(Buffer.of(1))).toBe(true);
  source.close('takenOver');
  source.close('takenOver');
  expect(forgotten).toEqual(['a:1']);
  expect(source.send(Buffer.of(1))).toBe(false);
  expect(table.find('a', 1, 1)).toBeUndefined();
  expect(table.add('a', 1, 2)).not.toBe(source);
});

test('agrees with a plain list, whatever the order of use', () => {
  const step = fc.record({ port: fc.integer({ min: 1, max: 6 }), drop: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const { table, forgotten } = tableWithLog();
      const model: number[] = [];
      const gone: string[] = [];
      steps.forEach(({ port, drop }, at) => {
        if (drop) {
          const oldest = model.shift();
          if (oldest !== undefined) gone.push(`a:${oldest}`);
          expect(table.dropOldest()).toBe(oldest !== undefined);
          return;
        }
        const known = model.indexOf(port);
        expect(table.find('a', port, at) !== undefined).toBe(known >= 0);
        if (known >= 0) model.splice(known, 1);
        else table.add('a', port, at);
        model.push(port);
      });
      expect(table.size).toBe(model.length);
      expect(forgotten).toEqual(gone);
    }),
  );
});
