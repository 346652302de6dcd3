/** A whole PMTiles archive (version 3) with one tile of the world: roads in a grid, and water everywhere, in the layers of Protomaps' schema. */
export function streetArchive(): Buffer {
  const metadata = Buffer.from(
    JSON.stringify({
      vector_layers: [
        { id: 'roads', fields: {} },
        { id: 'water', fields: {} },
      ],
    }),
  );
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

/** Mapbox Vector Tile 2.1, coordinates 0 to 4096. */
function vectorTile(): Buffer {
  const feature = (type: number, commands: number[]) =>
    field(2, Buffer.concat([varint(3 << 3), varint(type), field(4, Buffer.concat(commands.map(varint)))]));
  const line = (x: number, y: number, right: number, down: number) =>
    feature(2, [9, zigzag(x), zigzag(y), 10, zigzag(right), zigzag(down)]);
  const layer = (name: string, features: Buffer[]) => {
    const head = [field(1, Buffer.from(name)), ...features, varint(5 << 3), varint(4096), varint(15 << 3), varint(2)];
    return field(3, Buffer.concat(head));
  };
  const grid = Array.from({ length: 127 }, (_, i) => (i + 1) * 32);
  const square = [9, 0, 0, 26, zigzag(4096), 0, 0, zigzag(4096), zigzag(-4096), 0, 15];
  return Buffer.concat([
    layer('water', [feature(3, square)]),
    layer(
      'roads',
      grid.flatMap(at => [line(0, at, 4096, 0), line(at, 0, 0, 4096)]),
    ),
  ]);
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
