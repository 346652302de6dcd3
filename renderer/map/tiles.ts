import { addProtocol } from 'maplibre-gl';
import { PMTiles, Protocol } from 'pmtiles';

let protocol: Protocol | undefined;

/** The archive that the server has, and what is in it; undefined where there is none. */
export async function streetTiles(address: string): Promise<{ url: string; layers: string[] } | undefined> {
  const probe = await fetch(address, { headers: { range: 'bytes=0-6' }, cache: 'no-store' }).catch(() => undefined);
  if (!probe?.ok || !(await probe.text()).startsWith('PMTiles')) return undefined;
  if (!protocol) {
    protocol = new Protocol();
    addProtocol('pmtiles', protocol.tile);
  }
  const archive = new PMTiles(address);
  protocol.add(archive);
  const metadata = (await archive.getMetadata().catch(() => ({}))) as { vector_layers?: { id: string }[] };
  return { url: `pmtiles://${address}`, layers: (metadata.vector_layers ?? []).map(({ id }) => id) };
}
