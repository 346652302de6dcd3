import { expect, it } from 'vitest';
import { ConvoyError } from '../electron/errors.ts';
import { Listeners, type Listening } from '../electron/listeners.ts';
import { silentLog } from '../electron/log.ts';
import { NoticeBoard } from '../electron/notice-board.ts';
import { Tally } from '../electron/tally.ts';
import { ManualClock } from './accept/manual-clock.ts';

function bench(strict = false) {
  const clock = new ManualClock();
  const tally = new Tally();
  const notices = new NoticeBoard(clock, () => undefined);
  return { clock, tally, notices, listeners: new Listeners({ clock, tally, log: silentLog, notices, strict }) };
}

const invalid = {
  listen: () => Promise.reject(new ConvoyError('settingInvalid', 'no token')),
  close: () => Promise.resolve(),
};
const webDoor = (): Listening => ({ protocol: 'http', address: '0.0.0.0', port: 3000 });

it('says once what a setting keeps shut, and goes on trying', async () => {
  const { listeners, clock, notices, tally } = bench();
  const door = webDoor();
  await listeners.open(door, () => invalid);
  expect(door.error).toBe('settingInvalid');
  for (let tries = 0; tries < 2; tries++) {
    clock.pass(5000);
    await new Promise(setImmediate);
  }
  expect(notices.recent()).toMatchObject([{ text: 'portNotOpen', params: { port: 3000, code: 'settingInvalid' } }]);
  expect(tally.get('server.listenFailed')).toBe(3);
  await listeners.close();
});

it('ends a server that has no window to put a setting right in', async () => {
  const { listeners } = bench(true);
  await expect(listeners.open(webDoor(), () => invalid)).rejects.toMatchObject({ code: 'settingInvalid' });
});

/** Ports as a kernel gives them: the next of a list for TCP; some of them are taken for UDP. */
function kernel(numbers: number[], taken: number[], doors: Record<'tcp' | 'udp', Listening>) {
  const closed: number[] = [];
  const listenerOf = (door: Listening) => () => {
    let port = door.port;
    return {
      async listen() {
        if (port === 0) port = numbers.shift() ?? 0;
        if (door.protocol === 'udp' && taken.includes(port)) throw new ConvoyError('portInUse');
        return { address: door.address, port };
      },
      async close() {
        closed.push(port);
      },
    };
  };
  return { closed, tcp: listenerOf(doors.tcp), udp: listenerOf(doors.udp) };
}

const pair = (port: number) => ({
  tcp: { protocol: 'tcp', address: '127.0.0.1', port } as Listening,
  udp: { protocol: 'udp', address: '127.0.0.1', port } as Listening,
});

it('picks another number for both when the first is taken for UDP', async () => {
  const { listeners, notices } = bench();
  const doors = pair(0);
  const { tcp, udp, closed } = kernel([40_001, 40_002, 40_003], [40_001, 40_002], doors);
  await listeners.openPair(doors.tcp, tcp, doors.udp, udp);
  expect([doors.tcp.port, doors.udp.port]).toEqual([40_003, 40_003]);
  expect(closed).toEqual([40_001, 40_002]);
  expect(notices.recent()).toEqual([]);
});

it('keeps a number that was asked for by name', async () => {
  const { listeners } = bench();
  const doors = pair(6611);
  const { tcp, udp, closed } = kernel([], [6611], doors);
  await listeners.openPair(doors.tcp, tcp, doors.udp, udp);
  expect(doors).toMatchObject({ tcp: { port: 6611 }, udp: { port: 6611, error: 'portInUse' } });
  expect(closed).toEqual([]);
  await listeners.close();
  expect(closed).toEqual([6611]);
});
