import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './exactness.ts';
import { dword, word } from './foreign-frame.ts';
import { ForeignTerminal, locationBody } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';

const phone = '013912345678';
let server: ServerProcess;
let terminal: ForeignTerminal;

/** Turns are done, focus fails, the iris is not understood, the wiper is unheard of; of zoom nothing is heard. */
const results: Record<number, number | undefined> = { 0x9301: 0, 0x9302: 1, 0x9303: 2, 0x9304: 3, 0x9306: undefined };

beforeAll(async () => {
  server = await ServerProcess.start({ settings: { commandTimeoutMs: 700 } });
  terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
  terminal.answers = command => (command.id in results ? results[command.id] : 0);
  await terminal.enrol();
}, 60_000);
afterAll(async () => {
  await terminal?.end();
  await server?.stop();
});

interface Answer {
  status: number;
  body: { ok: boolean; code?: string; message?: string; value?: unknown };
}

async function post(vehicle: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${server.door}/api/vehicles/${vehicle}/commands`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const send = (messageId: string, value: unknown, vehicle = phone) =>
  post(vehicle, { command: 'terminal.send', args: { messageId, value } });

describe('POST /api/vehicles/{id}/commands', () => {
  it.each(['013912345678', '13912345678', '00000000013912345678'])('reaches the terminal, spelled %s', async id => {
    expect(await send('0x9301', { channel: 2, direction: 3, speed: 128 }, id)).toEqual({
      status: 200,
      body: { ok: true, value: null },
    });
    expect([...(await terminal.next(0x9301)).body]).toEqual([2, 3, 128]);
  });

  it.each([
    ['0x9302', 502, 'commandFailed'],
    ['0x9303', 502, 'commandBadMessage'],
    ['9304', 502, 'commandUnsupported'],
    ['0x9306', 504, 'commandTimeout'],
  ])('says what the terminal made of %s: %i %s', async (id, status, code) => {
    const answer = await send(id, { channel: 1, control: 0 });
    expect([answer.status, answer.body.ok, answer.body.code]).toEqual([status, false, code]);
    expect(answer.body.message).not.toBe('');
  });

  it('gives back the message that answers, bytes as hexadecimal', async () => {
    const asked = send('0x8104', null);
    const query = await terminal.next(0x8104);
    const parameters = Buffer.concat([
      dword(1),
      Buffer.from([4]),
      dword(30),
      dword(0xf001),
      Buffer.from([2, 0xab, 0xcd]),
    ]);
    terminal.send(0x0104, Buffer.concat([word(query.serial), Buffer.from([2]), parameters]));
    const { status, body } = await asked;
    expect(status).toBe(200);
    expect(body.value).toMatchObject({
      parameters: [
        { id: 1, value: 30 },
        { id: 0xf001, raw: { hex: 'ABCD' } },
      ],
    });
  });

  it('takes bytes as hexadecimal', async () => {
    const parameters = [{ id: 0xf002, raw: { hex: '010203' } }];
    expect((await send('0x8103', { parameters })).status).toBe(200);
    expect((await terminal.next(0x8103)).body.toString('hex')).toBe('010000f00203010203');
    expect((await send('0x8103', { parameters: [{ id: 1, raw: { hex: 'zz' } }] })).body.code).toBe('badRequest');
  });

  it('runs methods of the contract that are for a vehicle', async () => {
    const { status, body } = await post(phone, { command: 'fleet.update', args: { group: 'Line 7' } });
    expect([status, body.value]).toMatchObject([200, { id: '13912345678', group: 'Line 7' }]);
    const trace = await post(phone, { command: 'trace.start' });
    expect([trace.status, trace.body.value]).toMatchObject([200, { vehicleId: '13912345678', phase: 'running' }]);
    const text = await post(phone, { command: 'text.send', args: { text: 'Hello' } });
    expect(text.status).toBe(200);
    expect((await terminal.next(0x8300)).body.subarray(1).toString('latin1')).toBe('Hello');
    expect((await post(phone, { command: 'trace.stop' })).status).toBe(200);
    const again = await post(phone, { command: 'trace.stop' });
    expect([again.status, again.body.code]).toEqual([404, 'unknownTrace']);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no JSON', '{', 'badRequest', /JSON/],
    ['no command', { args: {} }, 'badRequest', /command/],
    ['a command that is none', { command: 'camera.explode' }, 'unknownMethod', /commands of a vehicle/],
    [
      'a command for no vehicle',
      { command: 'settings.set', args: { key: 'webToken', value: '' } },
      'unknownMethod',
      /./,
    ],
    [
      'arguments that do not fit',
      { command: 'fleet.update', args: { transport: 'pigeon' } },
      'badRequest',
      /transport/,
    ],
    ['another vehicle', { command: 'fleet.forget', args: { vehicleId: '1' } }, 'badRequest', /another vehicle/],
    ['pictures', { command: 'stream.open', args: { channel: 1 } }, 'badRequest', /WebSocket/],
    ['talk', { command: 'talk.open', args: { channel: 1 } }, 'badRequest', /WebSocket/],
    ['no message id', { command: 'terminal.send', args: { messageId: 'left', value: {} } }, 'badRequest', /messageId/],
    [
      'an unknown message',
      { command: 'terminal.send', args: { messageId: '0x9999', value: {} } },
      'badRequest',
      /9999/,
    ],
    [
      'a message of terminals',
      { command: 'terminal.send', args: { messageId: '0x0200', value: {} } },
      'badRequest',
      /0200/,
    ],
    [
      'a body that is none',
      { command: 'terminal.send', args: { messageId: '0x9301', value: 7 } },
      'badRequest',
      /9301/,
    ],
    [
      'a number too large',
      { command: 'terminal.send', args: { messageId: '0x9301', value: { channel: 300, direction: 1, speed: 1 } } },
      'badRequest',
      /300/,
    ],
    ['too much', { command: 'fleet.update', args: { group: 'x'.repeat(70_000) } }, 'badRequest', /long/],
  ])('refuses %s', async (_what, body, code, words) => {
    const answer = await post(phone, body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect(answer.body.message).toMatch(words);
  });

  it('knows who is not there, and who may not ask', async () => {
    const stranger = await send('0x9301', { channel: 1, direction: 0, speed: 0 }, '999');
    expect([stranger.status, stranger.body.code]).toEqual([404, 'unknownTerminal']);
    const page = await post(phone, { command: 'trace.start' }, { origin: 'https://example.org' });
    expect(page.status).toBe(403);
    const put = await fetch(`${server.door}/api/vehicles/${phone}/commands`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect((await fetch(`${server.door}/api/vehicles/%E0%A4%A`)).status).toBe(404);
  });
});

describe('GET /api/vehicles/{id}', () => {
  it('tells the whole state', async () => {
    const report = { status: 3, latitude: 22.547, longitude: 114.0859, altitude: 31, speed: 41.2, direction: 270 };
    await terminal.ask(0x0200, locationBody({ ...report, time: '261123120000' }));
    await post(phone, { command: 'trace.start' });
    const state = await server.get<Record<string, unknown>>(`/api/vehicles/${phone}`);
    expect(state).toMatchObject({
      vehicleId: phone,
      vehicle: { id: '13912345678', state: 'online' },
      position: { latitude: 22.547, speed: 41.2 },
      streams: [],
      recordings: [],
    });
    const { traces } = state.services as { traces: { phase: string }[] };
    expect(traces.filter(({ phase }) => phase === 'running')).toHaveLength(1);
    expect((await send('0x9003', null)).body.value).toMatchObject({ audioPayloadType: 6, maxVideoChannels: 16 });
    const { capabilities } = await server.get<{ capabilities: object }>(`/api/vehicles/${phone}`);
    expect(capabilities).toMatchObject({ audioPayloadType: 6 });
    expect((await fetch(`${server.door}/api/vehicles/999`)).status).toBe(404);
  });
});

describe('GET /api/vehicles/{id}/commands', () => {
  it('lists every command with what it takes, and every message', async () => {
    interface List {
      commands: { command: string; args: { type: string; properties: Record<string, object>; required?: string[] } }[];
      messages: { messageId: string; name: string }[];
    }
    const { commands, messages } = await server.get<List>(`/api/vehicles/${phone}/commands`);
    const byName = new Map(commands.map(({ command, args }) => [command, args]));
    for (const name of ['fleet.update', 'trace.start', 'trace.export', 'terminal.send', 'record.start', 'storage.list'])
      expect([...byName.keys()]).toContain(name);
    for (const name of ['stream.open', 'talk.open', 'settings.set', 'fleet.list']) expect(byName.has(name)).toBe(false);
    for (const args of byName.values()) expect(args.properties).not.toHaveProperty('vehicleId');
    expect(byName.get('trace.export')).toMatchObject({ required: ['id', 'format', 'blank'] });
    expect(messages).toContainEqual({ messageId: '0x9301', name: 'PTZ rotation' });
    expect(messages.some(({ messageId }) => messageId === '0x0200')).toBe(false);
  });
});

describe('a vehicle that is away', () => {
  it('is commanded in vain, and is told of all the same', async () => {
    await terminal.end();
    await until('it is offline', async () => (await server.vehicles())[0]?.state === 'offline');
    const answer = await send('0x9301', { channel: 1, direction: 0, speed: 0 });
    expect([answer.status, answer.body.code]).toEqual([409, 'terminalOffline']);
    const state = await server.get<{ vehicle: { state: string } }>(`/api/vehicles/${phone}`);
    expect(state.vehicle.state).toBe('offline');
  });
});
