/** A whole PMTiles archive (version 3) with one tile of the world in which two roads of Protomaps' layer `roads` cross. */
export function streetArchive(): Buffer {
  const metadata = Buffer.from(JSON.stringify({ vector_layers: [{ id: 'roads', fields: {} }] }));
  const tile = vectorTile();
  // One entry: tile 0, run of one, its length, at offset 0 (written plus one).
  const directory = Buffer.concat([1, 0, 1, tile.length, 1].map(varint));
  const header = Buffer.alloc(127);
  header.write('PMTiles', 'latin1');
  header.writeUInt8(3, 7);
  const directoryAt = 127;
  const metadataAt = directoryAt + directory.length;
  const tileAt = metadataAt + metadata.length;
  const places = [directoryAt, directory.length, metadataAt, metadata.length, tileAt, 0, tileAt, tile.length, 1, 1, 1];
  for (const [i, value] of places.entries()) header.writeBigUInt64LE(BigInt(value), 8 + i * 8);
  // Clustered, nothing compressed, vector tiles, zoom 0 to 0.
  for (const [i, value] of [1, 1, 1, 1, 0, 0].entries()) header.writeUInt8(value, 96 + i);
  for (const [i, degrees] of [-180, -85, 180, 85].entries()) header.writeInt32LE(degrees * 1e7, 102 + i * 4);
  return Buffer.concat([header, directory, metadata, tile]);
}

/** Mapbox Vector Tile 2.1: one layer, two features of two points each, across the tile and back. */
function vectorTile(): Buffer {
  const line = (from: [number, number], to: [number, number]) => {
    const moves = [9, zigzag(from[0]), zigzag(from[1]), 10, zigzag(to[0] - from[0]), zigzag(to[1] - from[1])];
    return field(
      2,
      Buffer.concat([Buffer.concat([varint(3 << 3), varint(2)]), field(4, Buffer.concat(moves.map(varint)))]),
    );
  };
  const grid = Array.from({ length: 127 }, (_, i) => (i + 1) * 32);
  const layer = [
    field(1, Buffer.from('roads')),
    ...grid.flatMap(at => [line([0, at], [4096, at]), line([at, 0], [at, 4096])]),
    Buffer.concat([varint(5 << 3), varint(4096)]),
    Buffer.concat([varint(15 << 3), varint(2)]),
  ];
  return field(3, Buffer.concat(layer));
}

const zigzag = (value: number) => (value << 1) ^ (value >> 31);

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value >>> 0; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}
