import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../electron/clock.ts';
import type { Result, StreamStatus } from '../../electron/contract.ts';
import type { DeskCalls } from '../../electron/ipc/desk.ts';
import { DeskServer } from './desk-server.ts';
import { until } from './exactness.ts';
import { listBody, partsOf } from './foreign-disk.ts';
import { type Dialect, dword, type ForeignMessage, word } from './foreign-frame.ts';
import { ForeignTerminal } from './foreign-terminal.ts';

/** The roster's file and the like wait longer than any order here. */
const longestWaitMs = 1000;

/** Counts what was put off for an order and has neither happened nor been called off. */
class WaitingClock implements Clock {
  waiting = 0;
  readonly now = systemClock.now;
  readonly monotonic = systemClock.monotonic;
  readonly every = systemClock.every;

  after(ms: number, run: () => void): () => void {
    if (ms > longestWaitMs) return systemClock.after(ms, run);
    let isOver = false;
    const over = () => {
      if (!isOver) this.waiting--;
      isOver = true;
    };
    this.waiting++;
    const cancel = systemClock.after(ms, () => {
      over();
      run();
    });
    return () => {
      over();
      cancel();
    };
  }
}

const commandTimeoutMs = 500;
const clock = new WaitingClock();
let desk: DeskServer;
beforeAll(async () => {
  // Those that were left behind would soon keep the next from being sent.
  const settings = { commandTimeoutMs, maxPendingCommands: 3, partsTimeoutMs: 500, partsRetries: 0 };
  const services = { graceMs: 0, ftpPort: 0, retryMinMs: 60_000, retryMaxMs: 60_000 };
  desk = await DeskServer.start({ ...settings, ...services }, undefined, clock);
});
afterAll(() => desk?.stop());

type Answer = Result<unknown>;
interface Order {
  readonly id: number;
  give(vehicleId: string): Promise<Answer>;
  /** The message that answers, and a body of it, where it is not 0x0001. */
  readonly reply?: { readonly id: number; body(serial: number): Buffer };
}

const calls = (): DeskCalls => desk.server.desk.calls;
const asked =
  (id: number, value: unknown): Order['give'] =>
  vehicleId =>
    Promise.resolve(calls()['terminal.send']({ vehicleId, messageId: `0x${id.toString(16)}`, value }));
const at = Date.UTC(2026, 10, 20, 2);
const target = { address: '10.4.2.7', tcpPort: 6611, udpPort: 6611, channel: 1 };
const span = { channel: 1, start: at, end: at + 60_000, alarms: 0, videoAlarms: 0, media: 0, stream: 0, storage: 0 };
const light = { brightness: 128, contrast: 64, saturation: 64, chroma: 128 };
const heartbeat = Buffer.concat([Buffer.of(1), dword(1), Buffer.of(4), dword(30)]);
const file = { channel: 1, from: '261120100000', to: '261120110000', bytes: 5 };

/** Every order that a console can give, by the method that gives it where it has one of its own. */
const orders: Order[] = [
  { id: 0x8103, give: async id => calls()['parameters.write']({ vehicleId: id, parameters: [{ id: 1, value: 30 }] }) },
  {
    ...{ id: 0x8104, give: async vehicleId => calls()['parameters.read']({ vehicleId }) },
    reply: { id: 0x0104, body: serial => Buffer.concat([word(serial), heartbeat]) },
  },
  { id: 0x8105, give: async vehicleId => calls()['control.send']({ vehicleId, order: 'reset', reason: 'a test' }) },
  {
    id: 0x8300,
    async give(vehicleId) {
      const sent = await calls()['text.send']({ vehicleIds: [vehicleId], text: 'Depot' });
      const error = sent.ok ? sent.value[0]?.error : sent;
      return error ? { ok: false, code: error.code, message: error.message } : sent;
    },
  },
  {
    id: 0x8801,
    give: asked(0x8801, { channel: 1, command: 1, interval: 0, isKept: false, resolution: 2, quality: 3, ...light }),
    reply: { id: 0x0805, body: serial => Buffer.concat([word(serial), Buffer.of(0), word(1), dword(7)]) },
  },
  {
    ...{ id: 0x9003, give: asked(0x9003, null) },
    reply: { id: 0x1003, body: () => Buffer.from('06010001014000620410', 'hex') },
  },
  { id: 0x9101, give: asked(0x9101, { ...target, dataType: 0, stream: 0 }) },
  { id: 0x9102, give: asked(0x9102, { channel: 1, command: 0, close: 0, stream: 0 }) },
  { id: 0x9201, give: asked(0x9201, { ...span, ...target, mode: 0, speed: 0 }) },
  { id: 0x9202, give: asked(0x9202, { channel: 1, command: 2, speed: 0, position: 0 }) },
  {
    ...{ id: 0x9205, give: asked(0x9205, span) },
    reply: { id: 0x1205, body: serial => listBody(serial, [file, file]) },
  },
  {
    id: 0x9206,
    give: asked(0x9206, { ...span, address: '10.4.2.7', port: 21, user: 'u', password: 'p', path: '/', conditions: 7 }),
  },
  { id: 0x9207, give: asked(0x9207, { uploadSerial: 1, command: 0 }) },
  { id: 0x9301, give: async vehicleId => calls()['steer.turn']({ vehicleId, channel: 1, direction: 'up' }) },
  { id: 0x9302, give: async vehicleId => calls()['steer.focus']({ vehicleId, channel: 1, step: 'increase' }) },
  { id: 0x9303, give: async vehicleId => calls()['steer.iris']({ vehicleId, channel: 1, step: 'increase' }) },
  { id: 0x9304, give: async vehicleId => calls()['steer.wiper']({ vehicleId, channel: 1, on: true }) },
  { id: 0x9305, give: async vehicleId => calls()['steer.light']({ vehicleId, channel: 1, on: true }) },
  { id: 0x9306, give: async vehicleId => calls()['steer.zoom']({ vehicleId, channel: 1, step: 'in' }) },
];

const general = (serial: number, id: number, result: number) =>
  Buffer.concat([word(serial & 0xffff), word(id), Buffer.of(result)]);

/** Says yes as the standards have it: by 0x0001, or by the message that they pair the order with. */
function comply(
  terminal: ForeignTerminal,
  { reply }: Pick<Order, 'id' | 'reply'>,
  { serial, id }: ForeignMessage,
): void {
  if (reply) terminal.send(reply.id, reply.body(serial));
  else terminal.send(0x0001, general(serial, id, 0));
}

/** Serials of parts, far from those of its other messages. */
let partSerial = 0x4000;
function inParts(
  terminal: ForeignTerminal,
  { reply }: Order,
  serial: number,
  pick: (parts: Buffer[]) => Buffer[],
): void {
  const { dialect, phone } = terminal;
  const body = reply!.body(serial);
  const head = { dialect, id: reply!.id, phone, serial: partSerial };
  const parts = partsOf(head, body, Math.ceil(body.length / 3));
  partSerial += parts.length;
  for (const part of pick(parts)) terminal.write(part);
}

interface Misbehaviour {
  readonly what: string;
  act(terminal: ForeignTerminal, order: Order, sent: ForeignMessage): void;
  /** What is told of the order: a code, or `ok`. */
  code(order: Order): string;
  /** Counted at least once for each order that it is done to. */
  readonly counted?: string;
  /** It is done to orders that have a message of their own as an answer alone. */
  readonly toReplies?: true;
}

/** 0x1003 names no serial: it answers whatever waits for one. */
const hasSerial = ({ reply }: Order) => reply !== undefined && reply.id !== 0x1003;
const timeout = () => 'commandTimeout';

const misbehaviours: Misbehaviour[] = [
  { what: 'never answers', act: () => undefined, code: timeout, counted: 'device.commandTimeout' },
  {
    what: 'answers twice',
    act(terminal, order, sent) {
      comply(terminal, order, sent);
      comply(terminal, order, sent);
    },
    code: () => 'ok',
    counted: 'device.unmatchedReply',
  },
  {
    what: 'answers with another serial',
    act(terminal, { reply }, { serial, id }) {
      if (reply) terminal.send(reply.id, reply.body((serial + 77) & 0xffff));
      else terminal.send(0x0001, general(serial + 77, id, 0));
    },
    code: order => (hasSerial(order) ? 'answerMismatched' : order.reply ? 'ok' : 'commandTimeout'),
  },
  {
    what: 'answers for another message',
    act: (terminal, _order, { serial, id }) => void terminal.send(0x0001, general(serial, id ^ 0x0800, 0)),
    code: timeout,
    counted: 'device.unmatchedReply',
  },
  ...([1, 2, 3, 4, 255] as const).map(result => ({
    what: `refuses with ${result}`,
    act: (terminal: ForeignTerminal, _order: Order, { serial, id }: ForeignMessage) =>
      void terminal.send(0x0001, general(serial, id, result)),
    code: () => ({ 2: 'commandBadMessage', 3: 'commandUnsupported' })[result as number] ?? 'commandFailed',
  })),
  {
    what: 'answers with a body cut short',
    act(terminal, { reply }, { serial, id }) {
      if (reply) terminal.send(reply.id, reply.body(serial).subarray(0, 1));
      terminal.send(0x0001, general(serial, id, 0).subarray(0, 4));
    },
    code: timeout,
    counted: 'device.badBody',
  },
  {
    what: 'answers with noise',
    act(terminal) {
      for (const id of [0x0001, 0x0104, 0x0805, 0x1205, 0x1206]) terminal.send(id, Buffer.alloc(40, 0xa5));
      terminal.write(Buffer.from('7e7d037e7e00017e', 'hex'));
    },
    code: order => (hasSerial(order) ? 'answerMismatched commandTimeout' : 'commandTimeout'),
  },
  {
    what: 'says yes and sends nothing',
    act: (terminal, _order, { serial, id }) => void terminal.send(0x0001, general(serial, id, 0)),
    code: timeout,
    toReplies: true,
  },
  {
    what: 'says yes first, and then sends its parts backwards',
    act(terminal, order, sent) {
      terminal.send(0x0001, general(sent.serial, sent.id, 0));
      inParts(terminal, order, sent.serial, parts => parts.toReversed());
    },
    code: () => 'ok',
    toReplies: true,
  },
  {
    what: 'sends each part twice',
    act: (terminal, order, { serial }) =>
      inParts(terminal, order, serial, parts => parts.flatMap(each => [each, each])),
    code: () => 'ok',
    toReplies: true,
  },
  {
    what: 'never sends the last part',
    act: (terminal, order, { serial }) => inParts(terminal, order, serial, parts => parts.slice(0, -1)),
    code: () => 'answerIncomplete',
    counted: 'parts.abandoned',
    toReplies: true,
  },
  {
    what: 'announces 65,535 parts',
    act(terminal, order, { serial }) {
      inParts(terminal, order, serial, ([first]) => [withTotal(first!, terminal.dialect, 65_535)]);
    },
    code: timeout,
    counted: 'parts.tooMany',
    toReplies: true,
  },
];

/** A part that names another number of parts. Nothing in the parts used here is escaped. */
function withTotal(part: Buffer, dialect: Dialect, total: number): Buffer {
  const changed = Buffer.from(part);
  const totalAt = dialect === '2019' ? 18 : 13;
  changed.writeUInt16BE(total, totalAt);
  changed[changed.length - 2] = changed.subarray(1, -2).reduce((xor, byte) => xor ^ byte, 0);
  return changed;
}

/** Answers what it is asked by itself, then nothing but what a test has it say. */
async function enrolled(dialect: Dialect, phone: string): Promise<ForeignTerminal> {
  const { signal } = desk.server.ports;
  const terminal = new ForeignTerminal({ port: signal, dialect, phone, mediaProperties: '' });
  terminal.answers = ({ id }) => (id === 0x8106 ? 3 : undefined);
  await enter(terminal);
  return terminal;
}

async function enter(terminal: ForeignTerminal): Promise<void> {
  await terminal.enrol();
  await terminal.next(0x9003);
  terminal.send(0x1003, Buffer.from('06010001014000620410', 'hex'));
  await terminal.next(0x8106);
}

const told = (answer: Answer) => (answer.ok ? 'ok' : answer.code);
const name = ({ id }: Order) => `0x${id.toString(16)}`;

describe.each<Dialect>(['2013', '2019'])('a terminal of %s', dialect => {
  let terminals: ForeignTerminal[];
  beforeAll(async () => {
    const digits = (at: number) =>
      `1397${dialect}${String(at).padStart(3, '0')}`.padStart(dialect === '2019' ? 20 : 12, '0');
    terminals = await Promise.all(orders.map((_, index) => enrolled(dialect, digits(index))));
    await until('nothing to wait', () => clock.waiting === 0);
  }, 60_000);
  afterAll(async () => {
    for (const terminal of terminals ?? []) await terminal.end();
  });

  async function give(order: Order, act: (terminal: ForeignTerminal, sent: ForeignMessage) => void): Promise<string> {
    const terminal = terminals[orders.indexOf(order)]!;
    const answer = order.give(terminal.phone);
    act(terminal, await terminal.next(order.id));
    return `${name(order)} ${told(await answer)}`;
  }

  /** Whatever happened before, each of them obeys now, and nothing is left that waits. */
  async function expectNothingLeft(): Promise<void> {
    const again = orders.map(order => give(order, (terminal, sent) => comply(terminal, order, sent)));
    expect(await Promise.all(again)).toEqual(orders.map(order => `${name(order)} ok`));
    await until('nothing to wait', () => clock.waiting === 0);
    expect(desk.server.tally.get('device.tooManyCommands')).toBe(0);
  }

  it.each(misbehaviours)('that $what: every order ends with a word for it, and nothing is left behind', async each => {
    const { what, act, code, counted, toReplies } = each;
    const given = orders.filter(order => !toReplies || order.reply);
    const before = desk.server.tally.snapshot();
    const words = await Promise.all(given.map(order => give(order, (terminal, sent) => act(terminal, order, sent))));
    for (const [index, word] of words.entries()) {
      const order = given[index]!;
      expect(
        code(order)
          .split(' ')
          .map(one => `${name(order)} ${one}`),
      ).toContain(word);
    }
    // A second 0x1003 is as good as the first: it names no serial.
    const least = given.length - (what === 'answers twice' ? 1 : 0);
    if (counted)
      await until(`${counted} for each`, () => desk.server.tally.get(counted) - (before[counted] ?? 0) >= least);
    await expectNothingLeft();
  });

  it('that answers when it is too late: the answer counts for nothing, nor for the next order', async () => {
    const unmatched = desk.server.tally.get('device.unmatchedReply');
    const late: (() => void)[] = [];
    const given = orders.filter(order => order.id !== 0x9003);
    const keep = (order: Order) => (terminal: ForeignTerminal, sent: ForeignMessage) =>
      void late.push(() => comply(terminal, order, sent));
    expect(await Promise.all(given.map(order => give(order, keep(order))))).toEqual(
      given.map(order => `${name(order)} commandTimeout`),
    );
    const next = given.map(order => give(order, () => undefined));
    for (const say of late) say();
    const words = await Promise.all(next);
    expect(words).toEqual(given.map(order => `${name(order)} ${order.reply ? 'answerMismatched' : 'commandTimeout'}`));
    expect(desk.server.tally.get('device.unmatchedReply') - unmatched).toBe(given.length);
    await expectNothingLeft();
  });

  it('that hangs up in the middle: every order ends, and it may come back', async () => {
    const words = await Promise.all(orders.map(order => give(order, terminal => terminal.cut())));
    expect(words).toEqual(orders.map(order => `${name(order)} terminalGone`));
    const away = await Promise.all(orders.map((order, index) => order.give(terminals[index]!.phone)));
    expect(away.map(told)).toEqual(orders.map(() => 'terminalOffline'));
    await Promise.all(terminals.map(enter));
    await until('nothing to wait', () => clock.waiting === 0);
    await expectNothingLeft();
  });
});

/** What a terminal says to an order that something of ours runs on, and what is told of that then. */
const answers: [what: string, told: string, act: (terminal: ForeignTerminal, sent: ForeignMessage) => void][] = [
  ['never answers', 'commandTimeout', () => undefined],
  [
    'answers twice',
    'ok',
    (terminal, { serial, id }) => {
      for (let times = 0; times < 2; times++) terminal.send(0x0001, general(serial, id, 0));
    },
  ],
  [
    'answers with another serial',
    'commandTimeout',
    (terminal, { serial, id }) => void terminal.send(0x0001, general(serial + 77, id, 0)),
  ],
  ...([1, 2, 3] as const).map((result): (typeof answers)[number] => [
    `refuses with ${result}`,
    { 1: 'commandFailed', 2: 'commandBadMessage', 3: 'commandUnsupported' }[result],
    (terminal, { serial, id }) => void terminal.send(0x0001, general(serial, id, result)),
  ]),
  [
    'answers with a body cut short',
    'commandTimeout',
    (terminal, { serial, id }) => void terminal.send(0x0001, general(serial, id, 0).subarray(0, 3)),
  ],
];

describe.each(answers)('a terminal that %s', (what, told, act) => {
  let terminal: ForeignTerminal;
  let vehicleId: string;
  beforeAll(async () => {
    const digits = String(answers.findIndex(([other]) => other === what));
    terminal = await enrolled('2013', `013980000${digits.padStart(3, '0')}`);
    vehicleId = terminal.phone.slice(1);
    await until('nothing to wait', () => clock.waiting === 0);
  });
  afterAll(async () => {
    await until('nothing to wait', () => clock.waiting === 0);
    await terminal.end();
  });

  it(`0x9101 and 0x9102: its camera is ${told === 'ok' ? 'awaited' : `told of as ${told}`}, and closed all the same`, async () => {
    const key = { vehicleId, channel: 1, stream: 'main' } as const;
    let status: StreamStatus | undefined;
    const nothing = () => undefined;
    const watched = desk.server.desk.subscribe(key, {
      ...{ start: nothing, audio: nothing, gap: nothing, end: nothing, frame: () => true },
      status: given => {
        status = given;
      },
    });
    act(terminal, await terminal.next(0x9101));
    const isNo = what.startsWith('refuses');
    if (told === 'ok') await until('a yes', () => status?.steps.some(({ step }) => step === 'acknowledged'));
    else await until(told, () => status?.error?.code === told);
    expect(status?.phase).toBe(isNo ? 'refused' : 'opening');
    const counted = isNo ? 'device.noticeRefused' : 'device.noticeTimeout';
    const before = desk.server.tally.get(counted);
    if (watched.ok) watched.value.close();
    act(terminal, await terminal.next(0x9102));
    if (told !== 'ok') await until(counted, () => desk.server.tally.get(counted) > before);
    const { steps } = await desk.camera(key);
    expect(steps.find(({ step }) => step === 'commandSent')?.causes).toMatchObject([{ cause: 'nobodyWatches' }]);
  });

  it('0x9201 and 0x9202: its playback ends in a word, and the channel is free', async () => {
    const ask = { vehicleId, channel: 2, from: at, to: at + 60_000 };
    let ended = '';
    const nothing = () => undefined;
    const open = () =>
      desk.server.desk.openPlayback(ask, {
        ...{ start: nothing, audio: nothing, gap: nothing, status: nothing, frame: () => true },
        end: code => {
          ended = code;
        },
      });
    const opened = open();
    expect(opened.ok).toBe(true);
    if (!opened.ok) return;
    const { playback, subscription } = opened.value;
    act(terminal, await terminal.next(0x9201));
    if (told === 'ok') {
      const paused = calls()['playback.control']({ playback, control: 'pause' });
      act(terminal, await terminal.next(0x9202));
      expect(await paused).toMatchObject({ ok: true, value: { phase: 'paused' } });
      subscription.close();
      act(terminal, await terminal.next(0x9202));
    } else {
      await until(told, () => ended === told);
      expect(await calls()['playback.control']({ playback, control: 'pause' })).toMatchObject({
        code: 'unknownPlayback',
      });
    }
    await until('nothing to wait', () => clock.waiting === 0);
    const again = open();
    expect(again.ok).toBe(true);
    comply(terminal, { id: 0x9201 }, await terminal.next(0x9201));
    if (again.ok) again.value.subscription.close();
    comply(terminal, { id: 0x9202 }, await terminal.next(0x9202));
    await until('nothing to wait', () => clock.waiting === 0);
  });

  it('0x9206 and 0x9207: its upload has a state with a word, and no account is left', async () => {
    const started = calls()['upload.start']({ vehicleId, channel: 3, from: at, to: at + 60_000 });
    act(terminal, await terminal.next(0x9206));
    const row = await started;
    expect(row).toMatchObject({
      ok: true,
      value: told === 'ok' ? { phase: 'accepted' } : { phase: 'failed', error: { code: told } },
    });
    if (!row.ok) return;
    const { id } = row.value;
    if (told === 'ok') {
      const paused = calls()['upload.pause']({ id });
      act(terminal, await terminal.next(0x9207));
      expect(await paused).toMatchObject({ ok: true, value: { phase: 'paused' } });
      for (const body of [Buffer.of(0), Buffer.of(0x7f, 0x7f, 0), Buffer.alloc(40)]) await terminal.ask(0x1206, body);
      const cancelled = calls()['upload.cancel']({ id });
      act(terminal, await terminal.next(0x9207));
      expect(await cancelled).toMatchObject({ ok: true, value: { phase: 'cancelled' } });
    } else {
      // It goes on to bring files, or says that it did: too late.
      await terminal.ask(0x1206, Buffer.concat([word(0), Buffer.of(0)]));
    }
    expect(await calls()['upload.remove']({ id })).toMatchObject({ ok: true });
    expect(await calls()['upload.list']({})).toEqual({ ok: true, value: [] });
  });
});
