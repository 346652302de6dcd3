import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/clock.ts';
import { FtpDoor } from '../../../electron/record/uploads/ftp-door.ts';
import { Tally } from '../../../electron/tally.ts';
import { FtpCaller } from '../../live/ftp-caller.ts';

/** An IPv4 address of this machine beside loopback: a vehicle's view of the server. */
const outer = Object.values(networkInterfaces())
  .flat()
  .find(each => each?.family === 'IPv4' && !each.internal)?.address;
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some(each => each?.address === '::1');

let door: FtpDoor | undefined;
const callers: FtpCaller[] = [];
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.close();
  await door?.close();
});

async function open(host: string, change: { ftpHost?: string; mediaAddress?: string } = {}): Promise<FtpDoor> {
  const ports = { ftpPort: 0, ftpPassiveFrom: 0, ftpPassiveTo: 0 };
  door = new FtpDoor({
    settings: { host, ...ports, ftpHost: '', mediaAddress: '', ftpIdleMs: 20_000, maxFtpConnections: 8, ...change },
    clock: systemClock,
    tally: new Tally(),
    account: user =>
      user === 'vehicle1'
        ? ({
            ...{ user, password: 'secret123', folder: { parts: () => [], place: async () => undefined } },
            ...{ allow: () => undefined, wrote: () => undefined, began: () => undefined },
            ...{ refused: () => undefined, mayRest: () => true },
          } as never)
        : undefined,
  });
  await door.open();
  return door;
}

async function loggedIn(port: number, host: string): Promise<FtpCaller> {
  const caller = await FtpCaller.open(port, host);
  callers.push(caller);
  expect(await caller.login('vehicle1', 'secret123')).toMatch(/^230/);
  return caller;
}
const named = (reply: string) => /\((\d+,\d+,\d+,\d+),/.exec(reply)?.[1]?.replaceAll(',', '.');

describe('the address that a passive transfer names', () => {
  it('is the caller’s own way on this machine, whatever the router has', async () => {
    const { port } = await open('0.0.0.0', { ftpHost: '198.51.100.7' });
    const caller = await loggedIn(port, '127.0.0.1');
    expect(named(await caller.say('PASV'))).toBe('127.0.0.1');
  });

  it.skipIf(!outer).each([
    { settings: {}, address: outer },
    { settings: { mediaAddress: '198.51.100.8' }, address: '198.51.100.8' },
    { settings: { ftpHost: '198.51.100.7', mediaAddress: '198.51.100.8' }, address: '198.51.100.7' },
    // PASV can name an IPv4 address only: a name is for 0x9206.
    { settings: { ftpHost: 'fleet.example.org', mediaAddress: '198.51.100.8' }, address: '198.51.100.8' },
  ])('is $address from elsewhere with $settings', async ({ settings, address }) => {
    const { port } = await open('0.0.0.0', settings);
    const caller = await loggedIn(port, outer!);
    expect(named(await caller.say('PASV'))).toBe(address);
  });
});

describe.skipIf(!hasIpv6)('a server that is bound to IPv6', () => {
  it('takes callers there, and tells them to use EPSV', async () => {
    const { port } = await open('::1');
    const caller = await loggedIn(port, '::1');
    expect(await caller.say('PASV')).toBe('522 Use EPSV');
    const reply = await caller.say('EPSV');
    const passive = Number(/\(\|\|\|(\d+)\|\)/.exec(reply)?.[1]);
    expect(reply).toMatch(/^229/);
    const transfer = await FtpCaller.raw(passive, '::1');
    expect(transfer.remoteFamily).toBe('IPv6');
    transfer.destroy();
    await expect(FtpCaller.raw(port, '127.0.0.1')).rejects.toThrow(/ECONNREFUSED/);
  });
});
