import { isIPv6 } from 'node:net';

const mapped = '::ffff:';

/** An IPv4 peer of a dual-stack socket, `::ffff:10.4.2.7`, is written `10.4.2.7`; a zone (`%eth0`) is dropped. */
export function plainAddress(address: string): string {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  return bare.startsWith(mapped) && bare.includes('.') ? bare.slice(mapped.length) : bare;
}

/** `10.4.2.7:6611` or `[fe80::1]:6611`. */
export function endpoint(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
