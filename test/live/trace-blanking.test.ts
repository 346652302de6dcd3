import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredList, TraceRow, UploadRow } from '../../electron/contract.ts';
import { parsePcapng } from '../codec/trace/pcapng-parser.ts';
import { until } from './exactness.ts';
import { type Dialect, dword, frame, word } from './foreign-frame.ts';
import { ForeignCamera } from './foreign-packet.ts';
import { ForeignTerminal, mediaOverTcp, mediaOverUdp } from './foreign-terminal.ts';
import { readUpload } from './ftp-caller.ts';
import { PlaybackClient } from './playback-client.ts';
import { ServerProcess } from './server-process.ts';

let server: ServerProcess;
let client: PlaybackClient;
beforeAll(async () => {
  server = await ServerProcess.start({ settings: { ftpPort: 0, commandTimeoutMs: 2000 } });
  client = await PlaybackClient.open(server.door);
}, 60_000);
afterAll(async () => {
  client?.close();
  await server?.stop();
});

async function call<T>(method: string, args: object): Promise<T> {
  const answer = await client.call<T>(method, args);
  if (!answer.ok) throw new Error(`${method}: ${answer.code}`);
  return answer.value;
}

/** Bytes that are escaped on the wire, 7D and 7E, are in all of them that may have any. */
const secrets = {
  // 粤B, and two characters of which GBK ends in 7E and in 7D.
  plate: Buffer.from('d4c142c77ec87d3132', 'hex'),
  device: Buffer.from('D~}0042', 'latin1'),
  wrongCode: Buffer.from('~another}platform~', 'latin1'),
  imei: Buffer.from('867530901234567', 'latin1'),
  iccid: Buffer.from('89860012345678901234', 'hex'),
  latitude: dword(0x0157_7d7e),
  longitude: dword(0x06cd_7e7d),
  driver: Buffer.from('13777777777', 'latin1'),
  text: Buffer.from('~meet}me~at~the~depot', 'latin1'),
  dialled: Buffer.from('user~}of~apn', 'latin1'),
};

const padded = (value: Buffer, length: number) => Buffer.concat([value, Buffer.alloc(length - value.length)]);
const text = (value: string, length: number) => padded(Buffer.from(value, 'latin1'), length);
const where = Buffer.concat([dword(0), dword(3), secrets.latitude, secrets.longitude, word(31), word(412), word(270)]);
const location = Buffer.concat([where, Buffer.from('261123120000', 'hex')]);
const batch = Buffer.concat([word(2), Buffer.of(1), word(28), location, word(28), location]);
const parameter = (id: number, value: Buffer) => Buffer.concat([dword(id), Buffer.of(value.length), value]);

function registration(is2019: boolean): Buffer {
  const [maker, model] = [text('ACMEX', is2019 ? 11 : 5), text('MDVR-4', is2019 ? 30 : 20)];
  const device = padded(secrets.device, is2019 ? 30 : 7);
  return Buffer.concat([word(44), word(300), maker, model, device, Buffer.of(1), secrets.plate]);
}

function authentication(is2019: boolean, code: Buffer): Buffer {
  if (!is2019) return code;
  return Buffer.concat([Buffer.of(code.length), code, secrets.imei, text('V~1}', 20)]);
}

function properties(is2019: boolean): Buffer {
  return Buffer.concat([
    ...[word(7), text('ACMEX', 5), text('MDVR-4', is2019 ? 30 : 20), padded(secrets.device, is2019 ? 30 : 7)],
    ...[secrets.iccid, Buffer.of(2), Buffer.from('H1'), Buffer.of(2), Buffer.from('F1'), word(0x0302)],
  ]);
}

const plain = (bytes: Buffer) => {
  const read: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0x7d && (next === 1 || next === 2)) read.push(0x7c + bytes[++at]!);
    else read.push(bytes[at]!);
  }
  return Buffer.from(read);
};

const escaped = (bytes: Buffer) =>
  Buffer.from([...bytes].flatMap(byte => (byte === 0x7e ? [0x7d, 2] : byte === 0x7d ? [0x7d, 1] : [byte])));

/** Everything that an export can be searched for: as it lies there, without headers and comments between, and unescaped. */
async function placesOf(id: string, vehicleId: string, blank: boolean): Promise<Buffer[]> {
  const files = await Promise.all(
    ['pcapng', 'text'].map(async format => {
      const made = await call<{ url: string }>('trace.export', { id, vehicleId, format, blank });
      return Buffer.from(await (await fetch(`${server.door}/${made.url}`)).arrayBuffer());
    }),
  );
  const [capture, lines] = files as [Buffer, Buffer];
  const { segments } = parsePcapng(capture);
  const ways = [1, 2].map(way => Buffer.concat(segments.filter(each => each.way === way).map(each => each.payload)));
  const hex = lines
    .toString('utf8')
    .split('\n')
    .map(line => line.split('\t')[7] ?? '');
  const spoken = hex.map(digits => Buffer.from(digits, 'hex'));
  return [capture, lines, ...ways, Buffer.concat(spoken)].flatMap(place => [place, plain(place)]);
}

describe.each([
  ['2013', '013977710013', '0139 7771 0013'],
  ['2019', '00000000013977710019', '0000 0000 0139 7771 0019'],
] as const)('the blanked trace of a terminal of %s', (dialect, phone, sim) => {
  const is2019 = dialect === ('2019' satisfies Dialect);

  it('shows nothing of who and where, however it came over the wire', async () => {
    const vehicleId = phone.replace(/^0+/, '');
    const terminal = new ForeignTerminal({ port: server.signalPort, dialect, phone });
    const code = Buffer.from(await terminal.enrol(), 'latin1');
    expect(code.length).toBeGreaterThan(8);
    const trace = await call<TraceRow>('trace.start', { vehicleId });
    await terminal.end();

    // The first bytes of the connection hold another message before the code, and a code of somebody else.
    await terminal.connect();
    const say = (id: number, body: Buffer, serial: number) => frame({ dialect, id, phone, serial }, body);
    const first = Buffer.concat([
      say(0x0002, Buffer.alloc(0), 1000),
      say(0x0102, authentication(is2019, secrets.wrongCode), 1001),
      say(0x0102, authentication(is2019, code), 1002),
      say(0x0100, registration(is2019), 1003),
    ]);
    terminal.write(first);
    await terminal.next(0x8100);
    // The rest in pieces of a few bytes: every message is cut somewhere, escapes as well.
    const spoken = Buffer.concat([
      say(0x0102, authentication(is2019, code), 1004),
      say(0x0200, location, 1005),
      say(0x0704, batch, 1006),
      say(0x0107, properties(is2019), 1007),
      say(
        0x0104,
        Buffer.concat([word(9), Buffer.of(2), parameter(0x40, secrets.driver), parameter(0x83, secrets.plate)]),
        1008,
      ),
      say(0x0702, Buffer.concat([Buffer.of(1), secrets.driver, location]), 1009),
      say(0x0801, Buffer.concat([dword(77), Buffer.of(0, 0, 1, 2), location, Buffer.alloc(300, 0x55)]), 1010),
      say(0x0900, Buffer.concat([Buffer.of(0xf0), secrets.text, code]), 1011),
      say(0x0002, Buffer.alloc(0), 1012),
    ]);
    for (let at = 0, size = 1; at < spoken.length; at += size, size = (size % 11) + 1) {
      terminal.write(spoken.subarray(at, at + size));
      await sleep(1);
    }
    await terminal.next(0x8001, ({ body }) => body.readUInt16BE(0) === 1012);
    // Junk that names the code, and the code cut off by the end of the connection further below.
    terminal.write(Buffer.concat([Buffer.of(0x55), code, Buffer.of(0x7e)]));

    const upload = call<UploadRow>('upload.start', {
      ...{ vehicleId, channel: 2, from: 1_763_604_000_000, to: 1_763_604_600_000 },
    });
    const account = readUpload((await terminal.next(0x9206)).body);
    await call('upload.cancel', { id: (await upload).id }).catch(() => undefined);
    const words = secrets.text.toString('latin1');
    await call('text.send', { vehicleIds: [vehicleId], text: words, urgent: true });
    expect((await terminal.next(0x8300)).body.includes(secrets.text)).toBe(true);
    const [apn, plateValue] = [secrets.dialled.toString('latin1'), '粤B粳葇12'];
    await call('parameters.write', {
      ...{
        vehicleId,
        parameters: [
          { id: 0x11, value: apn },
          { id: 0x83, hex: secrets.plate.toString('hex') },
        ],
      },
    });
    await call('control.send', { vehicleId, order: 'connectTo', parameters: ['0', '', apn], reason: plateValue });
    terminal.answers = ({ id }) => (id === 0x9205 ? 3 : 0);
    await client.call<StoredList>('storage.list', { vehicleId, channel: 0, from: 0, to: 60_000 });

    const camera = new ForeignCamera({ sim: sim.replaceAll(' ', ''), channel: 1 });
    const unit = {
      key: true,
      data: Buffer.concat([Buffer.alloc(900, 0x65), secrets.plate, code, Buffer.alloc(900, 1)]),
    };
    const [tcp, udp] = [await mediaOverTcp(server.mediaPort), await mediaOverUdp(server.mediaPort)];
    for (const path of [tcp, udp]) for (const packet of camera.picture(unit)) await path.send(packet);
    terminal.write(say(0x0102, authentication(is2019, code), 1013).subarray(0, is2019 ? 30 : 26));
    await terminal.end();
    const rows = () => call<TraceRow[]>('trace.list', { vehicleId });
    await until('the packets of both', async () =>
      (await rows()).some(({ id, packetsIn }) => id === trace.id && packetsIn >= 4),
    );
    await call('trace.stop', { vehicleId });
    for (const path of [tcp, udp]) path.cut();

    const bcd = Buffer.from(phone, 'hex');
    const personal: Record<string, Buffer> = {
      ...{ ...secrets, code, phoneText: Buffer.from(vehicleId, 'latin1'), phoneField: bcd, phoneEnd: bcd.subarray(-5) },
      ...{ user: Buffer.from(account.user, 'latin1'), password: Buffer.from(account.password, 'latin1') },
    };
    if (!is2019) delete personal.imei;
    const [whole, blanked] = [await placesOf(trace.id, vehicleId, false), await placesOf(trace.id, vehicleId, true)];
    for (const [name, value] of Object.entries(personal)) {
      const shapes = [
        value,
        escaped(value),
        Buffer.from(value.toString('hex'), 'latin1'),
        Buffer.from(value.toString('hex').toUpperCase(), 'latin1'),
      ];
      const shows = (places: Buffer[]) => places.some(place => shapes.some(shape => place.includes(shape)));
      expect([name, shows(whole), shows(blanked)]).toEqual([name, true, false]);
    }
    // No run of the code is left that would narrow it down.
    for (let at = 0; at + 6 <= code.length; at++)
      expect(blanked.some(place => place.includes(code.subarray(at, at + 6)))).toBe(false);
  });
});
