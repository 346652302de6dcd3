import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostics } from '../electron/contract.ts';
import { mediaHeaderBytes } from '../electron/web/media-message.ts';
import { HandTerminal } from '../test/device/hand-terminal.ts';
import { cameraPackets } from './camera-stream.ts';
import { Readers } from './websocket-pace.ts';

/** Offsets in a packet with a 6-byte SIM, 1078-2016 table 19. */
const sequenceAt = 6;
const timestampLowAt = 20;
const headerBytes = 30;

/** A server process as `npm run serve` starts it, on ports of its own. */
export class ServedConvoy {
  readonly signalPort: number;
  readonly mediaPort: number;
  readonly web: string;
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(child: ChildProcess, dataDir: string, signalPort: number, mediaPort: number, web: string) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.signalPort = signalPort;
    this.mediaPort = mediaPort;
    this.web = web;
  }

  /** @param given a data folder, the server's from then on; a new one when left out */
  static async start(given?: string): Promise<ServedConvoy> {
    const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'convoy-bench-')));
    const child = spawn(process.execPath, [fileURLToPath(new URL('../electron/serve.ts', import.meta.url))], {
      env: { ...process.env, DATA_DIR: dataDir, TCP_PORT: '0', UDP_PORT: '0', API_PORT: '0', HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString()));
      child.once('exit', code => reject(new Error(`the server ended with ${code}`)));
    });
    const [, signal, media, web] = /TCP (\d+), TCP and UDP (\d+), console at (\S+)/.exec(line) ?? [];
    if (!signal || !media || !web) throw new Error(`not understood: ${line}`);
    return new ServedConvoy(child, dataDir, Number(signal), Number(media), web);
  }

  async diagnostics(): Promise<Diagnostics> {
    return (await (await fetch(`${this.web}api/diagnostics`)).json()) as Diagnostics;
  }

  async stop(): Promise<void> {
    const gone = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** A terminal that registers by hand and then sends its frames over TCP as fast as it is told to. */
export class FloodingTerminal {
  readonly phone: string;
  readonly #frames: Buffer[];
  /** Bytes of each frame as the hub hands it on. */
  readonly #units: number[];
  #link: HandTerminal | undefined;
  #media: Socket | undefined;
  #sequence = 0;
  #sent = 0;

  constructor(vehicle: number) {
    this.phone = `0139${String(vehicle).padStart(8, '0')}`;
    const frames = cameraPackets(vehicle, 1, 1);
    this.#frames = frames.map(packets => Buffer.concat(packets));
    this.#units = frames.map(packets => packets.reduce((sum, packet) => sum + packet.length - headerBytes, 0));
  }

  async enter(signalPort: number): Promise<void> {
    this.#link = await HandTerminal.dial(signalPort, this.phone);
    await this.#link.enter();
  }

  /** Waits to be asked for its stream, acknowledges, and opens the media connection. */
  async beginMedia(mediaPort: number): Promise<void> {
    this.#link!.acknowledge(await this.#link!.take(0x9101));
    const media = connect(mediaPort, '127.0.0.1');
    await new Promise(resolve => media.once('connect', resolve));
    media.on('error', () => undefined);
    this.#media = media;
  }

  /** @returns bytes of the access unit */
  sendFrame(): number {
    const at = this.#sent % this.#frames.length;
    const bytes = Buffer.from(this.#frames[at]!);
    for (let packet = 0; packet < bytes.length; packet += headerBytes + bytes.readUInt16BE(packet + headerBytes - 2)) {
      bytes.writeUInt16BE(this.#sequence++ & 0xffff, packet + sequenceAt);
      bytes.writeUInt32BE(this.#sent * 40, packet + timestampLowAt);
    }
    this.#media!.write(bytes);
    this.#sent++;
    return this.#units[at]!;
  }

  close(): void {
    this.#media?.destroy();
    this.#link?.socket.destroy();
  }
}

/** Terminals in this process → TCP → a server process → WebSockets → a process of readers. */
export async function floodOverTcp(plan: {
  cameras: number;
  warmMs: number;
  measureMs: number;
}): Promise<{ rate: number; dropped: number }> {
  const server = await ServedConvoy.start();
  const terminals = Array.from({ length: plan.cameras }, (_, camera) => new FloodingTerminal(camera + 1));
  await Promise.all(terminals.map(terminal => terminal.enter(server.signalPort)));
  const readers = new Readers({
    readers: terminals.map(({ phone }) => ({
      url: `${server.web.replace('http', 'ws')}ws/video?format=binary`,
      subscribe: { type: 'subscribe', vehicleId: phone, channel: 1 },
    })),
  });
  await readers.ready(plan.cameras);
  await Promise.all(terminals.map(terminal => terminal.beginMedia(server.mediaPort)));
  const rate = await readers.flood(
    () => terminals.reduce((bytes, terminal) => bytes + terminal.sendFrame() + mediaHeaderBytes, 0),
    plan.warmMs,
    plan.measureMs,
  );
  const { tallies, streams } = await server.diagnostics();
  const lost = streams.reduce((sum, row) => sum + row.framesDropped, 0);
  await readers.close();
  for (const terminal of terminals) terminal.close();
  await server.stop();
  return { rate, dropped: (tallies['hub.slowConsumerFrames'] ?? 0) + lost };
}
