import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { word } from './foreign-frame.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start({ settings: { commandTimeoutMs: 5000 } });
}, 60_000);
afterAll(() => server?.stop());

async function order(phone: string, command: string, args: object): Promise<{ status: number; body: object }> {
  const response = await fetch(`${server.door}/api/vehicles/${phone}/commands`, {
    method: 'POST',
    body: JSON.stringify({ command, args }),
  });
  return { status: response.status, body: (await response.json()) as object };
}

const well = { status: 200, body: { ok: true, value: null } };

describe.each([
  ['2013', '013912340001'],
  ['2019', '00000000013912340002'],
] as const)('orders to a terminal of %s', (dialect, phone) => {
  let terminal: ForeignTerminal;
  beforeAll(async () => {
    terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
    await terminal.enrol();
  }, 60_000);
  afterAll(() => terminal?.end());

  it.each([
    ['steer.turn', { channel: 3, direction: 'up', speed: 200 }, 0x9301, [3, 1, 200]],
    ['steer.turn', { channel: 3, direction: 'right' }, 0x9301, [3, 4, 128]],
    ['steer.turn', { channel: 3, direction: 'stop', speed: 200 }, 0x9301, [3, 0, 0]],
    ['steer.focus', { channel: 1, step: 'increase' }, 0x9302, [1, 0]],
    ['steer.focus', { channel: 1, step: 'decrease' }, 0x9302, [1, 1]],
    ['steer.iris', { channel: 255, step: 'decrease' }, 0x9303, [255, 1]],
    ['steer.wiper', { channel: 2, on: true }, 0x9304, [2, 1]],
    ['steer.light', { channel: 2, on: false }, 0x9305, [2, 0]],
    ['steer.zoom', { channel: 2, step: 'in' }, 0x9306, [2, 0]],
    ['steer.zoom', { channel: 2, step: 'out' }, 0x9306, [2, 1]],
    ['control.send', { order: 'reset', reason: 'no picture since noon' }, 0x8105, [4]],
    [
      'control.send',
      { order: 'connectTo', parameters: ['0', '', 'cmnet'], reason: 'moves to another platform' },
      0x8105,
      [2, ...Buffer.from('0;;cmnet')],
    ],
  ])('%s %j is 0x%s', async (command, args, id, body) => {
    const answer = order(phone, command, args);
    expect([...(await terminal.next(id)).body]).toEqual(body);
    expect(await answer).toEqual(well);
  });

  it('reads parameters by id, structures by the names of their fields', async () => {
    const answer = order(phone, 'parameters.read', { ids: [0x75, 0x7b] });
    const query = await terminal.next(0x8106, ({ body }) => body[0] === 2);
    expect([...query.body]).toEqual([2, 0, 0, 0, 0x75, 0, 0, 0, 0x7b]);
    const live = [0, 5, 0, 50, 25, 0, 0, 0x08, 0];
    const storage = [1, 6, 0, 100, 15, 0, 0, 0x10, 0];
    const video = [0, 0, 0, 0x75, 21, ...live, ...storage, 0, 0x7f, 1];
    terminal.send(0x0104, Buffer.concat([word(query.serial), Buffer.of(2, ...video, 0, 0, 0, 0x7b, 2, 45, 60)]));
    expect(await answer).toEqual({
      status: 200,
      body: {
        ok: true,
        value: [
          {
            id: 0x75,
            value: {
              live: { mode: 0, resolution: 5, keyFrameInterval: 50, frameRate: 25, bitRate: 2048 },
              storage: { mode: 1, resolution: 6, keyFrameInterval: 100, frameRate: 15, bitRate: 4096 },
              captions: 0x7f,
              audio: 1,
            },
          },
          { id: 0x7b, value: { passengers: 45, fatigue: 60 } },
        ],
      },
    });
  });

  it('asks for all where single ones cannot be asked for', async () => {
    terminal.answers = command => (command.id === 0x8106 ? 3 : 0);
    const answer = order(phone, 'parameters.read', { ids: [0x7a] });
    const query = await terminal.next(0x8104);
    const [heartbeat, mask] = [Buffer.of(0, 0, 0, 1, 4, 0, 0, 0, 30), Buffer.of(0, 0, 0, 0x7a, 4, 0, 0, 0, 0x41)];
    terminal.send(0x0104, Buffer.concat([word(query.serial), Buffer.of(2), heartbeat, mask]));
    expect((await answer).body).toEqual({ ok: true, value: [{ id: 0x7a, value: 0x41 }] });
  });

  it('writes parameters', async () => {
    const parameters = [
      { id: 0x79, value: { storagePercent: 20, minutesAfter: 5, minutesBefore: 1 } },
      { id: 0x13, value: '10.4.2.7' },
      { id: 0xf001, hex: 'ABCD' },
    ];
    const answer = order(phone, 'parameters.write', { parameters });
    const address = [0, 0, 0, 0x13, 8, ...Buffer.from('10.4.2.7')];
    expect([...(await terminal.next(0x8103)).body]).toEqual([
      ...[3, 0, 0, 0, 0x79, 3, 20, 5, 1],
      ...address,
      ...[0, 0, 0xf0, 0x01, 2, 0xab, 0xcd],
    ]);
    expect(await answer).toEqual(well);
  });

  it.each([
    ['parameters.write', { parameters: [{ id: 0x79, value: { storagePercent: 20 } }] }],
    ['parameters.write', { parameters: [{ id: 0x75, value: 'large' }] }],
    ['parameters.write', { parameters: [{ id: 0x01, value: -1 }] }],
    ['parameters.write', { parameters: [{ id: 0xf001, value: 1 }] }],
    ['parameters.write', { parameters: [] }],
    ['steer.turn', { channel: 0, direction: 'up' }],
    ['steer.turn', { channel: 1, direction: 'sideways' }],
    ['control.send', { order: 'reset', reason: '  ' }],
    ['control.send', { order: 'upgrade', parameters: ['a;b'], reason: 'new firmware' }],
  ])('refuses %s %j before it is sent', async (command, args) => {
    const { status, body } = await order(phone, command, args);
    expect([status, (body as { code: string }).code]).toEqual([400, 'badRequest']);
  });
});
