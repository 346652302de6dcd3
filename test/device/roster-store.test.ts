import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RosterStore } from '../../electron/device/roster-store.ts';
import { newRecord, type TerminalRecord } from '../../electron/device/terminal-record.ts';
import { silentLog } from '../../electron/log.ts';
import { Tally } from '../../electron/tally.ts';
import { eventually } from '../accept/eventually.ts';
import { ManualClock } from '../accept/manual-clock.ts';
import { dataFolder, Station } from './station.ts';
import { plateText, positionBody } from './wire.ts';

const phone = '013912345678';
const id = '13912345678';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await dataFolder();
  file = join(folder, 'roster.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function store(dataDir = folder) {
  const clock = new ManualClock();
  const tally = new Tally();
  const notices: string[] = [];
  const records: TerminalRecord[] = [];
  const made = new RosterStore({
    dataDir,
    clock,
    tally,
    log: silentLog,
    notice: (level, text) => notices.push(`${level} ${text}`),
  });
  return { store: made, clock, tally, notices, records, load: () => made.load(() => records) };
}

const saved = async () => JSON.parse(await readFile(file, 'utf8')) as { version: number; terminals: TerminalRecord[] };

test('a terminal, its code, its words and its last state survive a restart', async () => {
  const first = await Station.open({}, folder);
  const terminal = await first.dial(phone);
  const code = await terminal.enter();
  await terminal.ask(0x0200, positionBody({ time: '261123120000' }));
  first.terminals.update(id, { group: 'North', transport: 'tcp', channelNames: { 2: 'Cabin' }, sound: { law: 'mu' } });
  const before = first.terminals.get(id);
  await first.close();

  const second = await Station.open({}, folder);
  try {
    expect(second.terminals.get(id)).toEqual({ ...before, state: 'offline', onlineSince: 0 });
    expect(second.terminals.get(id)).toMatchObject({
      plate: plateText,
      position: { latitude: 31.230416 },
      sound: { law: 'mu', g726Order: 'auto', g726Rate: 'auto' },
    });
    const again = await second.dial(phone);
    expect(await again.authenticate(code)).toBe(0);
    expect(second.events).toEqual([`online ${id}`]);
    expect(second.notices).toEqual([]);
  } finally {
    await second.close();
  }
});

test('a pending terminal is still pending after a restart', async () => {
  const first = await Station.open({ registration: 'list' }, folder);
  await (await first.dial(phone)).register();
  await first.close();
  const second = await Station.open({ registration: 'list' }, folder);
  expect(second.terminals.get(id)?.state).toBe('pending');
  await second.close();
});

test('a new terminal is written within about a second, a position within five', async () => {
  const station = await Station.open({}, folder);
  try {
    const terminal = await station.dial(phone);
    const code = await terminal.enter();
    station.clock.pass(1000);
    await eventuallySaved(rows => rows[0]?.code === code.toString());
    await terminal.ask(0x0200, positionBody({ time: '261123120000' }));
    station.clock.pass(5000);
    await eventuallySaved(rows => rows[0]?.position?.latitude === 31.230416);
  } finally {
    await station.close();
  }
});

async function eventuallySaved(holds: (rows: TerminalRecord[]) => boolean): Promise<void> {
  const end = performance.now() + 8000;
  while (performance.now() < end) {
    const rows = await saved().then(
      value => value.terminals,
      () => [],
    );
    if (holds(rows)) return;
    await sleep(5);
  }
  throw new Error('was not written');
}

test('many changes make one write', async () => {
  const { store: made, clock, records, load } = store();
  await load();
  for (let n = 0; n < 100; n++) {
    const record = newRecord(`1390000${n}`, `01390000${n}`, n);
    records.push(record);
    made.changed(record, true);
  }
  expect(clock.timers).toBe(1);
  await made.close();
  expect((await saved()).terminals).toHaveLength(100);
  expect((await saved()).version).toBe(1);
  expect(clock.timers).toBe(0);
});

test('a record that changed is written anew, one that left is gone', async () => {
  const { store: made, records, load } = store();
  await load();
  const [a, b] = [newRecord('1', '01', 1), newRecord('2', '02', 1)];
  records.push(a, b);
  made.changed(a, true);
  await made.close();
  a.plate = plateText;
  made.changed(a, true);
  records.pop();
  made.changed(undefined, true);
  await made.close();
  expect((await saved()).terminals).toEqual([{ ...a }]);
});

test.each([
  ['cut short', '{"version":1,"terminals":[{"id":"1391'],
  ['another version', '{"version":99,"terminals":[]}'],
  ['not a roster', '[1,2,3]'],
  ['null', 'null'],
  ['empty', ''],
])('a damaged file (%s) is set aside with its bytes and said', async (_, content) => {
  await writeFile(file, content);
  const { store: made, clock, tally, notices, load } = store();
  expect(await load()).toEqual([]);
  expect(await readdir(folder)).toEqual([`roster.json.damaged-${clock.now()}`]);
  expect(await readFile(`${file}.damaged-${clock.now()}`, 'utf8')).toBe(content);
  expect(notices).toEqual(['error storeDamaged']);
  expect(tally.get('device.rosterDamaged')).toBe(1);
  await made.close();
});

test('sound records of a partly damaged file are kept, the file is set aside and written anew', async () => {
  const sound = newRecord('13900000001', '013900000001', 5);
  await writeFile(file, JSON.stringify({ version: 1, terminals: [sound, { id: 'x' }, null] }));
  const { store: made, notices, records, load } = store();
  records.push(...(await load()));
  expect(records).toEqual([sound]);
  expect(notices).toEqual(['error storeDamaged']);
  await made.close();
  expect((await saved()).terminals).toEqual([sound]);
  expect(await readdir(folder)).toHaveLength(2);
});

test('a folder that cannot be written is said once, tried again, and said to be well', async () => {
  const blocked = join(folder, 'data');
  await writeFile(blocked, 'a file where the folder should be');
  const { store: made, clock, tally, notices, records, load } = store(blocked);
  await load();
  const record = newRecord('1', '01', 1);
  records.push(record);
  made.changed(record, true);
  for (let n = 1; n <= 3; n++) {
    clock.pass(60_000);
    await eventually('failed', () => tally.get('device.rosterUnwritable') >= n);
  }
  expect(notices).toEqual(['error storeUnwritable']);
  await rm(blocked);
  await eventually('written', () => {
    clock.pass(60_000);
    return notices.length === 2;
  });
  expect(notices[1]).toBe('info storeWrittenAgain');
  await made.close();
  expect(await readdir(blocked)).toEqual(['roster.json']);
});

test('a file that cannot be read is not overwritten but set aside', async () => {
  await mkdir(file);
  await writeFile(join(file, 'inside'), 'x');
  const { store: made, notices, records, load } = store();
  expect(await load()).toEqual([]);
  expect(notices).toEqual(['error storeUnwritable']);
  const record = newRecord('1', '01', 1);
  records.push(record);
  made.changed(record, true);
  await made.close();
  expect((await saved()).terminals).toEqual([record]);
  const aside = (await readdir(folder)).find(name => name.includes('.damaged-')) as string;
  expect(await readdir(join(folder, aside))).toEqual(['inside']);
});

test.skipIf(process.platform === 'win32')('the file is readable by its owner only: it holds the codes', async () => {
  const { store: made, records, load } = store();
  await load();
  const record = newRecord('1', '01', 1);
  records.push(record);
  made.changed(record, true);
  await made.close();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
