/** Where a browser on this machine finds a door that is bound to this address, a wildcard included. */
export function webAddress(door: { address: string; port: number }, isSecure: boolean): string {
  const isEverywhere = door.address === '0.0.0.0' || door.address === '::';
  const host = isEverywhere ? '127.0.0.1' : door.address.includes(':') ? `[${door.address}]` : door.address;
  return `${isSecure ? 'https' : 'http'}://${host}:${door.port}/`;
}

/** The address that lets a browser in at once; the door takes the token out of it and gives a cookie instead. */
export function webEntry(address: string, token: string): string {
  return token === '' ? address : `${address}?token=${encodeURIComponent(token)}`;
}
