import { describe, expect, it } from 'vitest';
import type { StreamRow } from '../../../electron/contract.ts';
import { bus, no, TalkBench, van } from './talk-bench.ts';

const second = new Int16Array(8000).fill(1000);

describe('a talk with one terminal', () => {
  it('asks for data type 2, is ready with the terminal’s connection, and ends with command 4', async () => {
    const bench = new TalkBench();
    const { hold } = bench.open();
    expect(hold.rows).toMatchObject([{ vehicleId: bus, phase: 'opening', mode: 'talk', bytesOut: 0 }]);
    expect(bench.asked).toMatchObject([{ id: 0x9101, value: { dataType: 2, channel: 1, tcpPort: 6611 } }]);
    bench.asked[0]?.answer({ ok: true, value: null });
    await bench.settled();
    expect(bench.phase(bus)).toBe('opening');
    bench.connect(bus);
    expect(bench.phase(bus)).toBe('ready');
    hold.speak(true);
    expect(bench.phase(bus)).toBe('talking');
    hold.speak(false);
    expect(bench.phase(bus)).toBe('ready');
    hold.close();
    expect(bench.rows.at(-1)).toMatchObject({ phase: 'closed', ended: true });
    expect(bench.asked.at(-1)).toMatchObject({ id: 0x9102, value: { channel: 1, command: 4, close: 0 } });
    expect(bench.expected.size).toBe(0);
    expect(bench.clock.timers).toBe(0);
    expect(bench.talks.rows()).toEqual([]);
  });

  it('speaks at once to a terminal that connects while the key is held, and to none before that', () => {
    const bench = new TalkBench();
    const { hold } = bench.open();
    hold.speak(true);
    hold.push(second);
    const sent = bench.connect(bus);
    expect(bench.phase(bus)).toBe('talking');
    bench.clock.pass(100);
    expect(sent).toEqual([]);
    hold.push(second.subarray(0, 320));
    bench.clock.pass(100);
    expect(sent).toHaveLength(2);
  });

  it('is ready when the terminal connects without an answer, and stays so when it then says no', async () => {
    const bench = new TalkBench();
    const { told } = bench.open();
    bench.connect(bus);
    bench.asked[0]?.answer(no('commandFailed'));
    await bench.settled();
    expect(bench.phase(bus)).toBe('ready');
    expect(told.end).toBeUndefined();
  });

  it.each([
    { why: 'it refuses', code: 'commandFailed' as const, phase: 'refused', closes: 0 },
    { why: 'it does not answer', code: 'commandTimeout' as const, phase: 'closed', closes: 1 },
  ])('is over when $why', async ({ code, phase, closes }) => {
    const bench = new TalkBench();
    const { told } = bench.open();
    bench.asked[0]?.answer(no(code));
    await bench.settled();
    expect(told.end).toBe(code);
    expect(bench.rows.at(-1)).toMatchObject({ phase, ended: true, error: { code } });
    expect(bench.asked.filter(({ id }) => id === 0x9102)).toHaveLength(closes);
    expect(bench.expected.size + bench.clock.timers).toBe(0);
  });

  it('is over when it opens no connection in time, and the terminal is told', async () => {
    const bench = new TalkBench({ talkOpenMs: 2000 });
    const { told } = bench.open();
    bench.asked[0]?.answer({ ok: true, value: null });
    await bench.settled();
    bench.clock.pass(1999);
    expect(told.end).toBeUndefined();
    bench.clock.pass(1);
    expect(told.end).toBe('talkNotConnected');
    expect(bench.asked.at(-1)?.id).toBe(0x9102);
    expect(bench.tally.get('talk.notConnected')).toBe(1);
  });

  it('is over when its connection ends, its terminal goes before it connects, or it is removed', () => {
    for (const [how, code] of [
      ['closed', 'closedByPeer'],
      ['offline', 'terminalGone'],
      ['removed', 'unknownTerminal'],
    ] as const) {
      const bench = new TalkBench();
      const { told } = bench.open();
      if (how === 'closed') {
        bench.connect(bus);
        bench.sink(bus).sourceClosed();
      } else if (how === 'offline') bench.talks.vehicleOffline(bus);
      else bench.talks.vehicleRemoved(bus);
      expect(told.end).toBe(code);
      expect(bench.clock.timers).toBe(0);
    }
  });

  it('outlives its signalling connection while its own stands', () => {
    const bench = new TalkBench();
    const { told } = bench.open();
    bench.connect(bus);
    bench.talks.vehicleOffline(bus);
    expect(told.end).toBeUndefined();
    expect(bench.phase(bus)).toBe('ready');
  });

  it('is over when its terminal vanished altogether, and not while anything of it is heard', () => {
    const bench = new TalkBench({ lostAfterMs: 5000 });
    const { told } = bench.open();
    bench.connect(bus);
    bench.vehicles.set(bus, { ...bench.vehicles.get(bus)!, state: 'offline' });
    bench.talks.vehicleOffline(bus);
    bench.clock.pass(4000);
    bench.sink(bus).audio({ payloadType: 6, ptsMs: 1, receivedAt: 2, data: new Uint8Array(160) });
    bench.clock.pass(4000);
    expect(told.end).toBeUndefined();
    bench.clock.pass(2000);
    expect(told.end).toBe('terminalGone');
    expect(bench.clock.timers).toBe(0);
  });

  it('waits on when what it took for its connection was a camera’s', () => {
    const bench = new TalkBench();
    bench.open();
    bench.connect(bus);
    bench.sink(bus).sourceMistaken?.();
    expect(bench.phase(bus)).toBe('opening');
    bench.clock.pass(bench.settings.talkOpenMs);
    expect(bench.rows.at(-1)).toMatchObject({ phase: 'closed', error: { code: 'talkNotConnected' } });
  });

  it('is one at a time: whoever comes second is told busy, until it is over', () => {
    const bench = new TalkBench();
    const { hold } = bench.open();
    expect(bench.open('monitor').opened).toMatchObject({ ok: false, code: 'talkBusy' });
    const cast = bench.open('broadcast', [bus, van]);
    expect(cast.hold.rows.map(({ phase }) => phase)).toEqual(['busy', 'opening']);
    hold.close();
    expect(bench.open('monitor').opened.ok).toBe(true);
  });

  it('is refused to vehicles that are away, pending or unknown', () => {
    const bench = new TalkBench();
    bench.vehicles.set('1', { ...bench.vehicles.get(bus)!, id: '1', state: 'offline' });
    bench.vehicles.set('2', { ...bench.vehicles.get(bus)!, id: '2', state: 'pending' });
    for (const [id, code] of [
      ['1', 'terminalOffline'],
      ['2', 'terminalPending'],
      ['3', 'unknownTerminal'],
    ] as const)
      expect(bench.open('talk', [id]).opened).toMatchObject({ ok: false, code });
    expect(bench.open('talk', [bus, van]).opened).toMatchObject({ ok: false, code: 'badRequest' });
    expect(bench.rows).toEqual([]);
  });
});

describe('a connection that says nothing', () => {
  const silent = (bench: TalkBench, remote = '10.0.0.9:5001') => {
    const sent: Uint8Array[] = [];
    const source = {
      ...{ id: 's', transport: 'tcp' as const, remote, localAddress: '' },
      send: (packet: Uint8Array) => sent.push(packet) > 0,
    };
    bench.silent.opened(source);
    return { source, sent };
  };
  const alone = () => {
    const bench = new TalkBench();
    bench.vehicles.set(van, { ...bench.vehicles.get(van)!, remote: '10.0.0.10:4000' });
    return bench;
  };

  it('is the terminal’s that was asked, when nobody else is at its address', () => {
    const bench = alone();
    const { hold } = bench.open('broadcast', [bus]);
    const { source, sent } = silent(bench);
    bench.clock.pass(1000);
    expect(bench.phase(bus)).toBe('opening');
    bench.clock.pass(2000);
    expect(bench.phase(bus)).toBe('ready');
    hold.speak(true);
    hold.push(second.subarray(0, 160));
    // SIM as in its 808 header.
    expect(
      Buffer.from(sent[0] ?? [])
        .subarray(8, 14)
        .toString('hex'),
    ).toBe('013912345678');
    bench.silent.closed(source);
    expect(bench.rows.at(-1)).toMatchObject({ phase: 'closed', error: { code: 'closedByPeer' } });
  });

  it('is let go of when it speaks, until that proves to be the talk', () => {
    const bench = alone();
    const { hold } = bench.open('broadcast', [bus]);
    const { source, sent } = silent(bench);
    bench.clock.pass(3000);
    bench.silent.spoke(source);
    expect(bench.phase(bus)).toBe('opening');
    hold.speak(true);
    hold.push(second.subarray(0, 160));
    expect(sent).toEqual([]);
    bench.sink(bus).sourceOpened(source, new Uint8Array(6));
    expect(bench.phase(bus)).toBe('talking');
  });

  it.each([
    [
      'another vehicle is connected from there',
      (bench: TalkBench) => bench.vehicles.set(van, { ...bench.vehicles.get(bus)!, id: van }),
    ],
    ['another such stands there', (bench: TalkBench) => silent(bench)],
  ])('is nobody’s when %s', (_why, doubt) => {
    const bench = alone();
    bench.open('broadcast', [bus]);
    silent(bench);
    doubt(bench);
    bench.clock.pass(5000);
    expect(bench.phase(bus)).toBe('opening');
  });

  it('is nobody’s when it is older than the request, or from elsewhere', () => {
    const bench = alone();
    silent(bench);
    bench.clock.pass(10);
    bench.open('broadcast', [bus]);
    silent(bench, '10.0.0.11:5001');
    bench.clock.pass(5000);
    expect(bench.phase(bus)).toBe('opening');
  });
});

describe('a monitor', () => {
  it('hands on what the cab says, and sends nothing', () => {
    const bench = new TalkBench();
    const { hold, told } = bench.open('monitor');
    const sent = bench.connect(bus);
    const packet = { payloadType: 6, ptsMs: 1, receivedAt: 2, data: new Uint8Array(160) };
    bench.sink(bus).audio(packet);
    expect(told.sounds).toEqual([packet]);
    hold.speak(true);
    hold.push(second);
    bench.clock.pass(1000);
    expect(sent).toEqual([]);
    expect(bench.phase(bus)).toBe('ready');
  });

  it('closes only the sound of a channel whose picture is watched', () => {
    const bench = new TalkBench();
    const { hold } = bench.open('monitor');
    bench.streams.push({ vehicleId: bus, channel: 1 } as StreamRow);
    hold.close();
    expect(bench.asked.at(-1)).toMatchObject({ id: 0x9102, value: { command: 0, close: 1 } });
  });
});

describe('a broadcast', () => {
  it('goes on while any of its terminals is left, and each has its row', async () => {
    const bench = new TalkBench();
    const { hold, told } = bench.open('broadcast', [bus, van, van, '99']);
    expect(hold.rows.map(({ vehicleId, phase }) => `${vehicleId} ${phase}`)).toEqual([
      `${bus} opening`,
      `${van} opening`,
      '99 closed',
    ]);
    bench.asked.find(({ terminal }) => terminal === van)?.answer(no('commandFailed'));
    await bench.settled();
    expect(bench.phase(van)).toBe('refused');
    const sent = bench.connect(bus);
    bench.sink(bus).audio({ payloadType: 6, ptsMs: 1, receivedAt: 2, data: new Uint8Array(160) });
    expect(told.sounds).toEqual([]);
    hold.speak(true);
    hold.push(second.subarray(0, 1600));
    bench.clock.pass(500);
    expect(sent).toHaveLength(10);
    expect(told.end).toBeUndefined();
    expect(bench.talks.close(hold.talk)).toEqual({ ok: true, value: null });
    expect(told.end).toBe('talkClosed');
    const last = new Map(bench.rows.map(row => [row.vehicleId, row]));
    expect([...last.values()].every(row => row.ended)).toBe(true);
    expect(bench.clock.timers).toBe(0);
  });

  it('has ceilings', () => {
    const bench = new TalkBench({ maxTalkVehicles: 1, maxTalks: 1 });
    expect(bench.open('broadcast', [bus, van]).opened).toMatchObject({ ok: false, code: 'badRequest' });
    expect(bench.open().opened.ok).toBe(true);
    expect(bench.open('talk', [van]).opened).toMatchObject({ ok: false, code: 'tooManySubscriptions' });
  });
});
