import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Delimiter } from '../electron/codec/delimiter.ts';
import { encodeFrames, type Message } from '../electron/codec/jt808/frame.ts';
import { type MessageId, type MessageValues, readMessage, writeBody } from '../electron/codec/jt808/messages.ts';
import { defaultSettings } from '../electron/config.ts';
import { Tally } from '../electron/tally.ts';
import { cameraPackets, simOf } from './camera-stream.ts';
import { type LoadPlan, type LoadReport, stampBytes } from './load-plan.ts';

const clipSeconds = 4;
const framesPerSecond = 25;
const sequenceAt = 6;
const partAt = 15;

class LoadVehicle {
  readonly index: number;
  readonly packets: Uint8Array[];
  readonly #signal: Socket;
  readonly #asked: () => void;
  #send: (bytes: Uint8Array) => void = () => undefined;
  #serial = 0;
  #at = 0;
  #sequence = 0;
  frames = 0;

  constructor(index: number, plan: LoadPlan, asked: () => void) {
    this.index = index;
    this.packets = cameraPackets(index, 1, clipSeconds).flat();
    this.#asked = asked;
    this.#signal = connect(plan.signalPort, '127.0.0.1');
    const delimiter = new Delimiter({
      settings: defaultSettings(),
      tally: new Tally(),
      knows: () => false,
      sink: { message: message => void this.#message(message, plan), packet: () => undefined },
    });
    this.#signal.on('data', chunk => delimiter.push(chunk));
    this.#signal.on('connect', () =>
      this.#say(0x0100, {
        layout: '2013',
        province: 31,
        city: 100,
        maker: 'BENCH',
        model: 'LOAD',
        deviceId: '0000001',
        plateColor: 2,
        plate: `沪B${String(index).padStart(5, '0')}`,
      }),
    );
  }

  #say<Id extends MessageId>(id: Id, value: MessageValues[Id]): void {
    const head = { id, version: '2013' as const, phone: simOf(this.index), serial: this.#serial++ };
    for (const frame of encodeFrames(head, writeBody(id, value, '2013'))) this.#signal.write(frame);
  }

  async #message(message: Message, plan: LoadPlan): Promise<void> {
    const read = readMessage(message);
    if (typeof read === 'string') return;
    const { serial } = message.header;
    if (read.id === 0x8100) this.#say(0x0102, { code: read.value.authCode, imei: '', softwareVersion: '' });
    if (read.id !== 0x9101) return;
    await this.#open(plan);
    this.#say(0x0001, { replySerial: serial, replyId: 0x9101, result: 0 });
    this.#asked();
  }

  async #open(plan: LoadPlan): Promise<void> {
    if (plan.transport === 'udp') {
      const socket = createSocket('udp4');
      socket.connect(plan.mediaPort, '127.0.0.1');
      await once(socket, 'connect');
      this.#send = bytes => socket.send(bytes);
    } else {
      const socket = connect({ port: plan.mediaPort, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      this.#send = bytes => void socket.write(Uint8Array.from(bytes));
    }
  }

  /** One packet; its sequence number and, at the end of a frame, its stamp are written in place. */
  next(): boolean {
    const packet = this.packets[this.#at] as Uint8Array;
    this.#at = (this.#at + 1) % this.packets.length;
    packet[sequenceAt] = this.#sequence >>> 8;
    packet[sequenceAt + 1] = this.#sequence & 0xff;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const part = (packet[partAt] as number) & 15;
    const ends = part === 0 || part === 2;
    if (ends) {
      const stamp = performance.timeOrigin + performance.now();
      new DataView(packet.buffer, packet.byteOffset).setFloat64(packet.length - stampBytes, stamp, true);
      this.frames++;
    }
    this.#send(packet);
    return ends;
  }
}

async function load(plan: LoadPlan): Promise<void> {
  let waiting = plan.vehicles;
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const vehicles = Array.from(
    { length: plan.vehicles },
    (_, index) =>
      new LoadVehicle(index, plan, () => {
        if (--waiting === 0) resolve();
      }),
  );
  await ready;
  process.send?.({ type: 'ready' } satisfies LoadReport);
  await once(process, 'message');
  const start = performance.now();
  const packets = plan.packetsPerSecond > 0 ? await flood(vehicles, plan) : await stream(vehicles, plan);
  const seconds = (performance.now() - start) / 1000;
  const frames = vehicles.reduce((sum, vehicle) => sum + vehicle.frames, 0);
  process.send?.({ type: 'done', packets, frames, seconds } satisfies LoadReport);
}

const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms));

/** At a fixed rate, vehicles in turn; ends each vehicle at the end of a frame. */
async function flood(vehicles: LoadVehicle[], plan: LoadPlan): Promise<number> {
  const total = plan.packetsPerSecond * plan.seconds;
  const start = performance.now();
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * plan.packetsPerSecond);
    for (; sent < due; sent++) (vehicles[sent % vehicles.length] as LoadVehicle).next();
    await pause(1);
  }
  for (const vehicle of vehicles) {
    do sent++;
    while (!vehicle.next());
  }
  return sent;
}

/** 25 frames a second each, vehicles spread over the frame interval as real ones are. */
async function stream(vehicles: LoadVehicle[], plan: LoadPlan): Promise<number> {
  const interval = 1000 / framesPerSecond;
  const start = performance.now();
  const dues = vehicles.map((_, at) => start + (at * interval) / vehicles.length);
  let sent = 0;
  for (let now = start; now - start < plan.seconds * 1000; now = performance.now()) {
    for (const [at, vehicle] of vehicles.entries()) {
      if ((dues[at] as number) > now) continue;
      dues[at] = (dues[at] as number) + interval;
      do sent++;
      while (!vehicle.next());
    }
    await pause(1);
  }
  return sent;
}

await load(JSON.parse(process.argv[2] as string) as LoadPlan);
