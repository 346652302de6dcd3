import { createReadStream } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { PcapngReader } from '../../codec/trace/pcapng-reader.ts';
import { PcapngWriter } from '../../codec/trace/pcapng-writer.ts';
import { TraceBlanker } from '../../codec/trace/trace-blanker.ts';
import { TraceTextReader, TraceTextWriter } from '../../codec/trace/trace-text.ts';
import {
  contentOf,
  TraceDamaged,
  type TraceHead,
  type TraceReader,
  type TraceUnit,
} from '../../codec/trace/trace-unit.ts';
import type { TraceFormat } from '../../contract.ts';

/** Read at once: what a step of an export holds the loop up for is some milliseconds. */
const pieceBytes = 64 << 10;

/** Gives the units of a file of either form, a piece at a time. @throws TraceDamaged, or the file system's error */
export async function* traceUnits(
  path: string,
  seen: (head: TraceHead) => void = () => undefined,
): AsyncGenerator<TraceUnit[]> {
  let reader: TraceReader | undefined;
  let isSeen = false;
  for await (const chunk of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    // Text begins with a #, a section of pcapng with a line feed.
    reader ??= chunk[0] === 0x23 ? new TraceTextReader() : new PcapngReader();
    const units = reader.push(chunk);
    if (reader.head && !isSeen) {
      isSeen = true;
      seen(reader.head);
    }
    if (units.length > 0) yield units;
  }
  if (!isSeen) throw new TraceDamaged('the file is empty, or has no head');
}

/**
 * Writes a trace anew in a form for others, each unit with its name.
 * @returns bytes of `to`
 * @throws TraceDamaged, or the file system's error; `to` is then not there
 */
export async function exportTrace(from: string, to: string, format: TraceFormat, blank: boolean): Promise<number> {
  let head: TraceHead | undefined;
  const blanker = blank ? new TraceBlanker() : undefined;
  if (blanker)
    for await (const units of traceUnits(from, read => {
      head = blanker.head(read);
    }))
      for (const unit of units) blanker.look(unit);
  const writer = format === 'pcapng' ? new PcapngWriter() : new TraceTextWriter();
  const beside = `${to}.writing`;
  const file = await open(beside, 'w', 0o600);
  let length = 0;
  const write = async (bytes: Uint8Array) => {
    await file.appendFile(bytes);
    length += bytes.length;
  };
  try {
    let opening: Uint8Array | undefined;
    for await (const units of traceUnits(from, read => {
      opening = writer.head(head ?? read);
    })) {
      const parts = opening ? [opening] : [];
      opening = undefined;
      for (const unit of units) {
        const shown = blanker ? blanker.blank(unit) : unit;
        parts.push(writer.unit(shown, contentOf(shown)));
      }
      await write(Buffer.concat(parts));
    }
    if (opening) await write(opening);
    await file.close();
    await rename(beside, to);
    return length;
  } catch (thrown) {
    await file.close().catch(() => undefined);
    await unlink(beside).catch(() => undefined);
    throw thrown;
  }
}
