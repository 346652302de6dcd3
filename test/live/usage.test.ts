import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlDown, UsageBytes, UsageMonth } from '../../electron/contract.ts';
import { NodePort, nodeChannel } from '../../electron/ipc/node-port.ts';
import { handMadeClip } from './clip.ts';
import { DeskServer } from './desk-server.ts';
import { until } from './exactness.ts';
import { ForeignCamera, packetsOf } from './foreign-packet.ts';
import { ForeignTalk } from './foreign-talk.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { ServerProcess } from './server-process.ts';
import { TalkClient } from './talk-client.ts';

const phone = '013912345678';
const vehicleId = '13912345678';

describe('data use on the wire', () => {
  let desk: DeskServer;
  let terminal: ForeignTerminal;
  beforeEach(async () => {
    desk = await DeskServer.start({ graceMs: 200 });
    terminal = new ForeignTerminal({ port: desk.server.ports.signal, dialect: '2013', phone });
  });
  afterEach(async () => {
    terminal.cut();
    await desk.stop();
  });

  const used = async (): Promise<UsageBytes> => {
    const now = new Date();
    const month = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}`;
    const answer = await desk.server.desk.calls['usage.get']({ month, vehicleId });
    if (!answer.ok) throw new Error(answer.code);
    return answer.value.rows[0]?.bytes as UsageBytes;
  };

  it.each(['udp', 'tcp'] as const)('is the bytes that were sent over %s, to the last one', async transport => {
    await terminal.enrol();
    for (const stream of ['main', 'sub'] as const) {
      desk.watch({ vehicleId, channel: stream === 'main' ? 1 : 2, stream });
      const channel = stream === 'main' ? 1 : 2;
      const order = await terminal.nextLiveOrder(channel);
      const path = transport === 'udp' ? await mediaOverUdp(order.udpPort) : await mediaOverTcp(order.tcpPort);
      const packets = packetsOf(
        new ForeignCamera({ sim: phone, channel }),
        handMadeClip({ frames: 20, seed: channel }),
      );
      const sent = packets.reduce((sum, { length }) => sum + length, 0);
      for (const packet of packets) await path.send(packet);
      for (let tries = 0; tries < 100 && (await used())[stream] < sent; tries++) await sleep(20);
      expect((await used())[stream]).toBe(sent);
      path.cut();
    }
  });

  it('counts signalling both ways, from the registration on', async () => {
    await terminal.enrol();
    const before = await used();
    // 0x0100: 43 bytes of body, 0x0102: the code, both with 12 of header, a checksum and two flags.
    expect(before.signalIn).toBeGreaterThan(43 + 15 + 15);
    expect(before.signalOut).toBeGreaterThan(2 * 15);
    await terminal.ask(0x0002);
    const after = await used();
    expect(after.signalIn - before.signalIn).toBeGreaterThanOrEqual(15);
    expect(after.signalOut - before.signalOut).toBeGreaterThanOrEqual(20);
  });

  it('counts apart what nobody asked for', async () => {
    await terminal.enrol();
    const path = await mediaOverTcp(desk.server.ports.media);
    const packets = packetsOf(new ForeignCamera({ sim: phone, channel: 1 }), handMadeClip({ frames: 5, seed: 1 }));
    for (const packet of packets) await path.send(packet);
    const sent = packets.reduce((sum, { length }) => sum + length, 0);
    for (let tries = 0; tries < 100 && (await used()).refused < sent; tries++) await sleep(20);
    expect(await used()).toMatchObject({ refused: sent, main: 0, sub: 0 });
  });

  it('ends with the last who watches: the stream is closed on the vehicle', async () => {
    await terminal.enrol();
    const first = desk.watch({ vehicleId, channel: 1, stream: 'sub' });
    const second = desk.watch({ vehicleId, channel: 1, stream: 'sub' });
    await terminal.nextLiveOrder(1);
    first.close();
    await sleep(500);
    expect(terminal.waiting(0x9102)).toBe(0);
    second.close();
    await terminal.next(0x9102);
  });

  /** A console of this process, with one open stream: its two ends. */
  async function watching(): Promise<{ control: MessagePort; media: MessagePort }> {
    const { port1, port2 } = new MessageChannel();
    desk.server.connectConsole(new NodePort(port1), nodeChannel);
    const opened = new Promise<MessagePort>(done =>
      port2.addEventListener('message', event => {
        const { data, ports } = event as unknown as { data: ControlDown; ports: MessagePort[] };
        if (data.type === 'port') done(ports[0] as MessagePort);
      }),
    );
    port2.start();
    port2.postMessage({
      type: 'call',
      id: 1,
      method: 'stream.open',
      args: { vehicleId, channel: 1, stream: 'sub', credits: 100 },
    });
    return { control: port2, media: await opened };
  }

  it.each(['control', 'media'] as const)('ends when the %s port of a console dies without a word', async which => {
    await terminal.enrol();
    const ports = await watching();
    await terminal.nextLiveOrder(1);
    ports[which].close();
    await terminal.next(0x9102);
    for (const port of Object.values(ports)) port.close();
  });
});

describe('the data of a talk', () => {
  it('is counted both ways', async () => {
    const server = await ServerProcess.start();
    const console1 = await TalkClient.open(server.door);
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect: '2013', phone });
    await terminal.enrol();
    const talk = await console1.talk('talk', [vehicleId]);
    const order = await terminal.nextLiveOrder(1);
    const line = await ForeignTalk.overTcp(order.tcpPort, phone, 1);
    line.say(6, Buffer.alloc(160, 0xd5));
    await console1.phase(talk.talk, vehicleId, 'ready');
    await console1.speak(talk.subscription, 500, 400);
    await until('some sound', () => line.packets.length >= 5);
    await sleep(500);
    const month = new Date().toISOString().slice(0, 7);
    const sent = line.packets.reduce((sum, { payload }) => sum + payload.length + 26, 0);
    const answer = await console1.call<UsageMonth>('usage.get', { month, vehicleId });
    expect(answer).toMatchObject({ ok: true });
    // 160 bytes and the 26 of a sound packet's header came in.
    expect(answer.ok && answer.value.rows[0]?.bytes.talk).toBe(sent + 186);
    line.cut();
    await terminal.end();
    console1.close();
    await server.stop();
  });
});
