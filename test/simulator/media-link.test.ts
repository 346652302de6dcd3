import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/clock.ts';
import { type Faults, noFaults } from '../../electron/simulator/faults.ts';
import { MediaLink } from '../../electron/simulator/media-link.ts';
import { seededRandom } from '../../electron/simulator/random.ts';
import { TimerHeap } from '../../electron/simulator/timer-heap.ts';

const packetLength = 12;

/** Packets `first` to before `behind`, each carrying its number. */
function packet(number: number): Uint8Array {
  const bytes = new Uint8Array(packetLength);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Sends `count` numbered packets over TCP and returns every byte that arrived. */
async function received(faults: Partial<Faults>, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const server = createServer();
  const ended = new Promise<void>(done => {
    server.on('connection', socket => {
      socket.on('data', chunk => chunks.push(chunk));
      socket.on('end', done);
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const timers = new TimerHeap(systemClock);
  await new Promise<void>(done => {
    const link = new MediaLink({
      transport: 'tcp',
      address: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      clock: systemClock,
      timers,
      faults: { ...noFaults, ...faults },
      random: seededRandom(1),
      opened: () => {
        for (let number = 0; number < count; number++) link.send(packet(number));
        link.end();
        done();
      },
      failed: () => undefined,
    });
  });
  await ended;
  server.close();
  return Buffer.concat(chunks);
}

function numbers(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / packetLength }, (_, at) => bytes.readUInt32BE(at * packetLength));
}

describe('faults on the way', () => {
  it('changes nothing without any', async () => {
    expect(numbers(await received({}, 500))).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  it('loses about as many packets of a hundred as it is told, and keeps the order of the rest', async () => {
    const arrived = numbers(await received({ lossPercent: 5 }, 20_000));
    // 5 % of 20000 is 1000, with a standard deviation of 31
    expect(20_000 - arrived.length).toBeGreaterThan(875);
    expect(20_000 - arrived.length).toBeLessThan(1125);
    expect(arrived).toEqual([...arrived].sort((a, b) => a - b));
  });

  it('swaps neighbours, and loses none of them', async () => {
    const arrived = numbers(await received({ reorderPercent: 10 }, 5001));
    const swaps = arrived.filter((number, at) => number > (arrived[at + 1] ?? number));
    expect(swaps.length).toBeGreaterThan(350);
    expect(swaps.length).toBeLessThan(650);
    for (const [at, number] of arrived.entries()) expect(Math.abs(number - at)).toBeLessThanOrEqual(1);
    expect(arrived.length).toBeGreaterThanOrEqual(5000);
  });

  it('sends some twice', async () => {
    const arrived = numbers(await received({ duplicatePercent: 20 }, 5000));
    expect(arrived.length - new Set(arrived).size).toBeGreaterThan(850);
    expect(arrived.length - new Set(arrived).size).toBeLessThan(1150);
    expect(new Set(arrived).size).toBe(5000);
  });

  it('puts garbage between', async () => {
    const clean = 1000 * packetLength;
    // Bursts of 3 to 59 bytes before about half of the packets
    expect((await received({ mediaGarbagePercent: 50 }, 1000)).length).toBeGreaterThan(clean + 400 * 20);
  });

  it('makes the same mistakes for the same seed', async () => {
    const faults = { lossPercent: 20, reorderPercent: 20, duplicatePercent: 20 };
    expect(await received(faults, 500)).toEqual(await received(faults, 500));
  });

  it('delays frames by up to the jitter and never lets one overtake another', async () => {
    const socket = createSocket('udp4');
    const arrivals: { number: number; at: number }[] = [];
    socket.on('message', bytes => arrivals.push({ number: bytes.readUInt32BE(0), at: performance.now() }));
    await new Promise<void>(done => socket.bind(0, '127.0.0.1', done));
    const sentAt: number[] = [];
    await new Promise<void>(done => {
      const link = new MediaLink({
        transport: 'udp',
        address: '127.0.0.1',
        port: socket.address().port,
        clock: systemClock,
        timers: new TimerHeap(systemClock),
        faults: { ...noFaults, jitterMs: 120 },
        random: seededRandom(3),
        opened: () => {
          let number = 0;
          const timer = setInterval(() => {
            link.beginFrame();
            sentAt.push(performance.now());
            link.send(packet(number++));
            link.endFrame();
            if (number === 20) clearInterval(timer);
          }, 10);
          setTimeout(() => {
            link.close();
            done();
          }, 600);
        },
        failed: () => undefined,
      });
    });
    socket.close();
    expect(arrivals.map(one => one.number)).toEqual(sentAt.map((_, at) => at));
    const delays = arrivals.map((one, at) => one.at - (sentAt[at] ?? 0));
    expect(Math.max(...delays)).toBeGreaterThan(40);
  });
});
