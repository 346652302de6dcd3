import { createSocket } from 'node:dgram';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../accept/eventually.ts';
import { Station } from './station.ts';
import { registrationBody, type WireMessage, wireFrame, wireMessages } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';

let station: Station;
beforeEach(async () => {
  station = await Station.open({ idleMediaMs: 5000, idleSignalMs: 30_000, heartbeatTimeoutMs: 600_000 });
});
afterEach(() => station.close());

function dialUdp() {
  const socket = createSocket('udp4');
  const received: WireMessage[] = [];
  socket.on('message', bytes => received.push(...wireMessages(bytes).messages));
  let serial = 0;
  const send = (messageId: number, body: Uint8Array = Buffer.of()) =>
    socket.send(wireFrame({ id: messageId, phone, serial: serial++ }, body), station.udpPort, '127.0.0.1');
  const ask = async (messageId: number, body?: Uint8Array) => {
    const before = received.length;
    send(messageId, body);
    const answer = () => received.slice(before).find(message => message.id === 0x8001 || message.id === 0x8100);
    await eventually('answer', () => answer() !== undefined);
    return answer() as WireMessage;
  };
  return { socket, ask, received };
}

test('808 over UDP: a terminal enters, is commanded, and is offline when its source fell silent', async () => {
  const { socket, ask, received } = dialUdp();
  const { body } = await ask(0x0100, registrationBody('2013'));
  expect((await ask(0x0102, body.subarray(3))).body[4]).toBe(0);
  expect(station.events).toEqual([`online ${id}`]);
  station.terminals.closeStream({ terminal: id, channel: 1, stream: 'main' });
  await eventually('command', () => received.at(-1)?.id === 0x9102);
  station.clock.pass(20_000);
  expect(station.terminals.isOnline(id)).toBe(true);
  expect((await ask(0x0002)).body[4]).toBe(0);
  station.clock.pass(32_000);
  expect(station.events).toEqual([`online ${id}`, `offline ${id}`]);
  socket.close();
});

test('a terminal that returns from another port takes over', async () => {
  const first = dialUdp();
  const { body } = await first.ask(0x0100, registrationBody('2013'));
  const code = body.subarray(3);
  await first.ask(0x0102, code);
  const tcp = await station.dial(phone);
  expect(await tcp.authenticate(code)).toBe(0);
  expect(station.events).toEqual([`online ${id}`, `online ${id}`]);
  first.socket.close();
});

test('behind a wildcard address the media target is the address the terminal reached', async () => {
  await station.close();
  station = await Station.open({}, undefined, '0.0.0.0');
  const { socket, ask, received } = dialUdp();
  const { body } = await ask(0x0100, registrationBody('2013'));
  expect((await ask(0x0102, body.subarray(3))).body[4]).toBe(0);
  void station.terminals.openStream({ terminal: id, channel: 1, stream: 'main' });
  await eventually('0x9101', () => received.at(-1)?.id === 0x9101);
  const order = (received.at(-1) as WireMessage).body;
  expect(order.subarray(1, 1 + (order[0] as number)).toString()).toBe('127.0.0.1');
  socket.close();
});
